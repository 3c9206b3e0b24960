import type { Refusal, WireFault } from '../codec.ts'
import type { ErrorCode } from '../errors.ts'
import { isJsonObject, type JsonObject } from '../json.ts'
import { parseJson } from './read.ts'
import { shortened } from '../shortened.ts'
import { lookUpServiceCode, type Classification } from './service-codes.ts'

// The service's own messages are a few sentences; what echoes the request may be megabytes.
const longestMessage = 2000

/** Reads a refusal in any of the shapes that the gateway gives it, whatever the protocol (wire-protocol 6.2, 6.3). */
export function readFault({ status, body }: Refusal): WireFault {
  const parsed = parseBody(body)
  const fields = isJsonObject(parsed?.['error']) ? parsed['error'] : (parsed ?? {})
  const message = shortened(textOf(fields['message']) ?? (parsedOut(body) || withoutReason(status)), longestMessage)
  // `<400> InternalError.Algo.InvalidParameter: …`: the model's own refusal, wrapped by the gateway.
  const wrapped = /^<(\d{3})> ([\w.]+): /.exec(message)
  const serviceCode = textOf(fields['code']) ?? wrapped?.[2] ?? textOf(fields['type'])
  const known = tellsMore(lookUpServiceCode(serviceCode), status)
  // A refusal under a status that tells of success has none.
  const told = [status, Number(wrapped?.[1]), known?.status].find((each) => each !== undefined && each >= 400) ?? 500
  const { code, retry } = classifyMessage(message) ?? known ?? classifyStatus(told)
  return {
    code,
    status: told,
    serviceCode,
    message,
    requestId: textOf(parsed?.['request_id']) ?? textOf(parsed?.['requestId']) ?? textOf(fields['request_id']),
    retryable: retry !== 'never',
    retryOnce: retry === 'once' || undefined,
    wrongRoute: /url error/i.test(message) || undefined,
    streamOnly: /only support stream mode|set to false for non-streaming calls/i.test(message) || undefined,
  }
}

/** A code that stands for any bad request, as the `type` of many errors does, yields to a status that says more. */
function tellsMore(known: Classification | undefined, status: number | undefined): Classification | undefined {
  const saysMore = status !== undefined && (status >= 500 || status in byStatus)
  return known?.code === 'invalid-request' && saysMore ? undefined : known
}

/** JSON, or the JSON of an SSE frame's data lines (some gateways frame even a refusal with status 400). */
function parseBody(body: string): JsonObject | undefined {
  const whole = parseJson(body)
  if (isJsonObject(whole)) return whole
  const data = [...body.matchAll(/^data: ?(.*)$/gm)].map((line) => line[1]).join('\n')
  const framed = data === '' ? undefined : parseJson(data)
  return isJsonObject(framed) ? framed : undefined
}

/** A body that says nothing in a known place, shortened and without markup. */
function parsedOut(body: string): string {
  const text = body
    // The expressions below take time that grows with the square of what never closes.
    .slice(0, 8192)
    .replaceAll(/<(style|script|head)\b[\s\S]*?<\/\1>|<[^>]*>/gi, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim()
  return shortened(text, 200)
}

function withoutReason(status: number | undefined): string {
  return status === undefined ? 'The service gave no reason' : `The service answered ${status} without a reason`
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** Where the words say more than code and status do. */
function classifyMessage(message: string): Pick<Classification, 'code' | 'retry'> | undefined {
  if (/Range of input length should be/i.test(message)) return { code: 'context-length', retry: 'never' }
  // A used-up free quota comes as 429 like a throttle, but waiting does not help.
  if (/free (allocated )?quota/i.test(message)) return { code: 'billing', retry: 'never' }
  // These come as InternalError.Algo, yet the request is at fault.
  const faults = /list index out of range|Missing Content-Length of multimodal url|Expecting ',' delimiter/i
  return faults.test(message) ? { code: 'invalid-request', retry: 'never' } : undefined
}

function classifyStatus(status: number): Pick<Classification, 'code' | 'retry'> {
  const code = byStatus[status] ?? (status >= 500 ? 'server' : 'invalid-request')
  return { code, retry: status === 429 || status >= 500 ? 'always' : 'never' }
}

const byStatus: Readonly<Record<number, ErrorCode>> = {
  401: 'authentication',
  402: 'billing',
  403: 'permission',
  404: 'not-found',
  429: 'rate-limit',
  503: 'overloaded',
}
