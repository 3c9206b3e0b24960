import { parseJson } from '@dualscope/core/wire'

import { createDigester } from '../digest.ts'
import { fieldsOf, textOf } from '../fields.ts'
import { keyOf } from '../headers.ts'
import type { Protocol } from '../protocol.ts'
import type { Conversation } from '../rules/conversation.ts'
import { type Issue, missingOrInvalid, createIssue } from '../rules/issue.ts'
import { judge } from '../rules/judge.ts'
import type { Model } from '../rules/models.ts'
import { wantsStream } from '../rules/read-dashscope.ts'
import { type Address, readAddress } from './address.ts'
import { describeConversation } from './describe-conversation.ts'
import { type FormField, readForm } from './form.ts'
import { judgeLifetime, type KeyRing } from './keys.ts'
import { headersOf, type MockRequest } from './mock-request.ts'
import { judgePage } from './models.ts'
import type { UploadStore } from './uploads.ts'

/** The settings that a request is validated with. */
export interface Rules {
  keys: KeyRing
  models: Readonly<Record<string, Partial<Model>>> | undefined
  uploads: UploadStore
}

/** A request after it was read and validated. */
export interface Received {
  request: MockRequest
  conversation: Conversation | undefined
  /** The key of the request; empty without one. */
  key: string
  /** The permanent key that it belongs to. */
  account: string
  fields: readonly FormField[]
  /** The parsed body with its media. */
  json: unknown
  /** The size of the logged request, in characters. */
  size: number
  bytes: Uint8Array<ArrayBuffer>
}

type Judgement = { conversation?: Conversation; issues: Issue[] }

function judgeChat(
  address: Extract<Address, { endpoint: 'chat' }>,
  request: Request,
  body: unknown,
  { keys, models, uploads }: Rules,
): Judgement {
  const { protocol, service } = address
  const { headers, method } = request
  const issues = keys.judge(protocol, headers)
  if (method !== 'POST') {
    issues.push(createIssue(protocol, 'method', `Request method '${method}' is not supported.`))
    return { issues }
  }
  if (!/^application\/json\b/i.test(headers.get('content-type') ?? '')) {
    const text = 'Required body invalid, please check the request body format.'
    issues.push(createIssue(protocol, 'json', text, 'content-type'))
  }
  if (headers.has('x-dashscope-async')) {
    issues.push(createIssue(protocol, 'access', 'current user api does not support asynchronous calls.'))
  }
  const account = keys.accountOf(keyOf(headers))
  const canRead = (url: string, model: string) => uploads.canRead(url, { account, model })
  const judged = judge({ protocol, service, body, headers, models, canRead })
  return { ...judged, issues: [...issues, ...judged.issues] }
}

function judgePolicy(request: Request, url: URL, { keys }: Rules): Issue[] {
  const issues = keys.judge('dashscope', request.headers)
  if (request.method !== 'GET') {
    issues.push(createIssue('dashscope', 'method', `Request method '${request.method}' is not supported.`))
  }
  if (url.searchParams.get('action') !== 'getPolicy') {
    issues.push(createIssue('dashscope', 'parameter', missingOrInvalid('action'), 'action'))
  }
  if (!url.searchParams.get('model')) {
    issues.push(createIssue('dashscope', 'parameter', missingOrInvalid('model'), 'model'))
  }
  return issues
}

function judgeToken(request: Request, url: URL, { keys }: Rules): Issue[] {
  const issues = [...keys.judge('dashscope', request.headers), ...judgeLifetime(url)]
  if (request.method !== 'POST') {
    issues.push(createIssue('dashscope', 'method', `Request method '${request.method}' is not supported.`))
  }
  return issues
}

function judgeModels(protocol: Protocol, { headers, method }: Request, url: URL, { keys }: Rules): Issue[] {
  const issues = keys.judge(protocol, headers)
  if (method !== 'GET') issues.push(createIssue(protocol, 'method', `Request method '${method}' is not supported.`))
  return protocol === 'compatible' ? issues : [...issues, ...judgePage(url)]
}

function judgeAddress(address: Address, request: Request, url: URL, body: unknown, rules: Rules): Judgement {
  switch (address.endpoint) {
    case 'chat':
      return judgeChat(address, request, body, rules)
    case 'policy':
      return { issues: judgePolicy(request, url, rules) }
    case 'models':
      return { issues: judgeModels(address.protocol, request, url, rules) }
    case 'token':
      return { issues: judgeToken(request, url, rules) }
    case 'upload':
      return { issues: [] }
    case 'unknown':
      return { issues: [createIssue(address.protocol, 'found', 'Not found!')] }
  }
}

/** Reads a request to its end and validates it. */
export async function receive(request: Request, rules: Rules): Promise<Received> {
  const url = new URL(request.url)
  const address = readAddress(url.pathname)
  const { headers, method } = request
  const { endpoint } = address
  const key = keyOf(headers)
  const digester = createDigester()
  const bytes = new Uint8Array(await request.arrayBuffer())
  const fields = endpoint === 'upload' ? await readForm(headers.get('content-type') ?? '', bytes) : []
  const text = endpoint === 'upload' ? '' : new TextDecoder().decode(bytes)
  const body = parseJson(text)
  const { conversation, issues } = judgeAddress(address, request, url, body, rules)
  if (endpoint === 'upload') issues.push(...rules.uploads.judge(fields, headers))
  const protocol = 'protocol' in address ? address.protocol : undefined
  const model = fieldsOf(body)['model'] ?? url.searchParams.get('model')
  const shown = endpoint === 'upload' ? fields : await digester.json(body ?? (text === '' ? undefined : text))
  const streams = protocol === 'dashscope' ? wantsStream(headers) : fieldsOf(body)['stream'] === true
  return {
    request: {
      endpoint,
      protocol,
      service: endpoint === 'chat' ? address.service : undefined,
      method,
      url: request.url,
      path: url.pathname,
      headers: headersOf(headers),
      body: shown,
      stream: endpoint === 'chat' || endpoint === 'unknown' ? (conversation?.stream ?? streams) : false,
      model: textOf(model) || undefined,
      ...(await describeConversation(conversation, digester)),
      issues,
    },
    conversation,
    key,
    account: rules.keys.accountOf(key),
    fields,
    json: body,
    size: JSON.stringify(shown ?? '').length + request.url.length,
    bytes,
  }
}
