import type { Protocol } from '../protocol.ts'
import type { Conversation } from '../rules/conversation.ts'
import { type Issue, missingOrInvalid, createIssue } from '../rules/issue.ts'
import { judge } from '../rules/judge.ts'
import type { Model } from '../rules/models.ts'
import { wantsStream } from '../rules/read-dashscope.ts'
import { type Address, readAddress } from './address.ts'
import { type FormField, readForm } from './form.ts'
import { headersOf, type MockRequest } from './mock-request.ts'
import { judgeUpload, type Policies } from './uploads.ts'

/** The settings that a request is validated with. */
export interface Rules {
  /** The one key that is accepted; any, if undefined. */
  apiKey: string | undefined
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

const words = {
  compatible: 'Incorrect API key provided. ',
  dashscope: 'Invalid API-key provided.',
}

function keyOf(headers: Headers): string {
  return /^Bearer (\S+)$/.exec(headers.get('authorization') ?? '')?.[1] ?? ''
}

function judgeKey(protocol: Protocol, headers: Headers, apiKey: string | undefined): Issue[] {
  const key = keyOf(headers)
  const right = key !== '' && (apiKey === undefined || key === apiKey)
  return right ? [] : [createIssue(protocol, 'key', words[protocol])]
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
  { apiKey, models }: Rules,
): { conversation?: Conversation; issues: Issue[] } {
  const { protocol, service } = address
  const { headers, method } = request
  const issues = judgeKey(protocol, headers, apiKey)
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

function judgePolicy(request: Request, url: URL, { apiKey }: Rules): Issue[] {
  const issues = judgeKey('dashscope', request.headers, apiKey)
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
