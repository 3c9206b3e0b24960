import { createDigester } from '../digest.ts'

// Keys of Model Studio, temporary keys, key ids and signatures of OSS, and the account's folder in an upload. JSON may
// write a slash as `\/`.
const secrets = [
  /\b(?:sk|st)-[\w-]{8,}/g,
  /\bLTAI\w{10,}/g,
  /(?<=\b(?:Signature|OSSAccessKeyId|security-token)=)(?:[\w%+/=.~-]|\\\/)+/gi,
  /(?<=oss:(?:\\?\/){2}dashscope-instant\\?\/)[\w.-]+/g,
]

/** A shorter key is a placeholder, such as `any`, which would mask parts of ordinary words. In characters. */
const shortestKey = 8

/** Masks each secret with asterisks of the same length. `key` is the key of the request. */
export function redactText(text: string, key: string): string {
  const masked = key.length < shortestKey ? text : text.replaceAll(key, '*'.repeat(key.length))
  return secrets.reduce((rest, pattern) => rest.replaceAll(pattern, (found) => '*'.repeat(found.length)), masked)
}

/** Copies a JSON value without secrets, and without the bytes of media. */
export async function redactJson(value: unknown, key: string): Promise<unknown> {
  return redactValue(await createDigester(0).json(value), key)
}

function redactValue(value: unknown, key: string): unknown {
  if (typeof value === 'string') return redactText(value, key)
  if (Array.isArray(value)) return value.map((each) => redactValue(each, key))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [redactText(name, key), redactValue(each, key)]),
  )
}

const requestHeaders = ['accept', 'content-type', 'x-dashscope-ossresourceresolve', 'x-dashscope-sse']
const responseHeaders = [
  'content-type',
  'retry-after',
  'x-dashscope-call-gateway',
  'x-dashscope-finished',
  'x-dashscope-timeout',
  'x-request-id',
]

function pick(names: readonly string[], headers: Headers): Record<string, string> {
  return Object.fromEntries(names.flatMap((name) => (headers.has(name) ? [[name, headers.get(name) ?? '']] : [])))
}

/** Picks the headers of a request that change its answer. */
export function pickRequestHeaders(headers: Headers): Record<string, string> {
  return pick(requestHeaders, headers)
}

/** Picks the headers of a response that a client may read. */
export function pickResponseHeaders(headers: Headers): Record<string, string> {
  return pick(responseHeaders, headers)
}

const parameters = ['action', 'model', 'page_no', 'page_size']

/** Returns the path of a request, without the parts of the query that identify an account. */
export function redactPath(url: URL): string {
  const query = new URLSearchParams(
    parameters.flatMap((name) => url.searchParams.getAll(name).map((value) => [name, value])),
  )
  return query.size > 0 ? `${url.pathname}?${query}` : url.pathname
}
