import type { Conversation } from '../rules/conversation.ts'
import { type Issue, missingOrInvalid, createIssue } from '../rules/issue.ts'
import { judge } from '../rules/judge.ts'
import type { Model } from '../rules/models.ts'
import { wantsStream } from '../rules/read-dashscope.ts'
import { type Address, readAddress } from './address.ts'
import { type FormField, readForm } from './form.ts'
import { judgeLifetime, keyOf, type KeyRing } from './keys.ts'
import { headersOf, type MockRequest } from './mock-request.ts'
import { judgeUpload, type Policies } from './uploads.ts'

/** The settings that a request is validated with. */
export interface Rules {
  keys: KeyRing
  models: Readonly<Record<string, Partial<Model>>> | undefined
  policies: Policies
}

/** A request, read. */
export interface Received {
  request: MockRequest
  conversation: Conversation | undefined
  /** The key of the request; empty without one. */
  key: string
  fields: readonly FormField[]
  bytes: Uint8Array<ArrayBuffer>
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function judgeChat(
  address: Extract<Address, { endpoint: 'chat' }>,
  request: Request,
  body: unknown,
  { keys, models }: Rules,
): { conversation?: Conversation; issues: Issue[] } {
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
  const judged = judge({ protocol, service, body, headers, models })
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

function modelOf(body: unknown): string | undefined {
  return typeof body === 'object' && body !== null && 'model' in body && typeof body.model === 'string'
    ? body.model
    : undefined
}

/** Reads a request to its end and validates it. */
export async function receive(request: Request, rules: Rules): Promise<Received> {
  const url = new URL(request.url)
  const address = readAddress(url.pathname)
  const { headers, method } = request
  const bytes = new Uint8Array(await request.arrayBuffer())
  const common = { method, url: request.url, path: url.pathname, headers: headersOf(headers) }
  const none = { protocol: undefined, service: undefined, stream: false, model: undefined }
  switch (address.endpoint) {
    case 'upload': {
      const fields = readForm(headers.get('content-type') ?? '', bytes)
      const issues = judgeUpload(fields, headers, rules.policies)
      return {
        request: { ...common, ...none, endpoint: 'upload', body: fields, issues },
        conversation: undefined,
        key: '',
        fields,
        bytes,
      }
    }
    case 'policy': {
      const model = url.searchParams.get('model') ?? undefined
      const issues = judgePolicy(request, url, rules)
      return {
        request: { ...common, ...none, endpoint: 'policy', model, body: undefined, issues },
        conversation: undefined,
        key: '',
        fields: [],
        bytes,
      }
    }
    case 'token':
      return {
        request: { ...common, ...none, endpoint: 'token', body: undefined, issues: judgeToken(request, url, rules) },
        conversation: undefined,
        key: keyOf(headers),
        fields: [],
        bytes,
      }
    case 'chat':
    case 'unknown': {
      const text = new TextDecoder().decode(bytes)
      const body = parse(text)
      const { protocol } = address
      const { conversation, issues } =
        address.endpoint === 'chat'
          ? judgeChat(address, request, body, rules)
          : { conversation: undefined, issues: [createIssue(protocol, 'found', 'Not found!')] }
      const streams = typeof body === 'object' && body !== null && 'stream' in body && body.stream === true
      return {
        request: {
          ...common,
          endpoint: address.endpoint,
          protocol,
          service: address.endpoint === 'chat' ? address.service : undefined,
          body: body ?? text,
          stream: conversation?.stream ?? (protocol === 'dashscope' ? wantsStream(headers) : streams),
          model: modelOf(body),
          issues,
        },
        conversation,
        key: keyOf(headers),
        fields: [],
        bytes,
      }
    }
  }
}
