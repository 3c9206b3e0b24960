import type { DecodedError, RawError } from '../codec.ts'
import type { ErrorCode } from '../errors.ts'
import { isJsonObject, parseJson, type JsonObject } from '../json.ts'
import { truncate } from '../redact.ts'
import { lookUpServiceCode, type Classification } from './service-codes.ts'

// The service's own messages are a few sentences; what echoes the request may be megabytes.
const longestMessage = 2000

/** Reads an error in any of the shapes that the gateway of Model Studio gives it, whatever the protocol. */
export function decodeServiceError({ status, body }: RawError): DecodedError {
  const parsed = parseBody(body)
  const fields = isJsonObject(parsed?.['error']) ? parsed['error'] : (parsed ?? {})
  const message = truncate(textOf(fields['message']) ?? (plainText(body) || defaultMessage(status)), longestMessage)
  // `<400> InternalError.Algo.InvalidParameter: …`: the model's own error, wrapped by the gateway.
  const wrapped = /^<(\d{3})> ([\w.]+): /.exec(message)
  const serviceCode = textOf(fields['code']) ?? wrapped?.[2] ?? textOf(fields['type'])
  const known = mostSpecific(lookUpServiceCode(serviceCode), status)
  // An error under a status of success has none of its own.
  const statusOfError =
    [status, Number(wrapped?.[1]), known?.status].find((each) => each !== undefined && each >= 400) ?? 500
  const { code, retry } = classifyMessage(message) ?? known ?? classifyStatus(statusOfError)
  return {
    code,
    status: statusOfError,
    serviceCode,
    message,
    requestId: textOf(parsed?.['request_id']) ?? textOf(parsed?.['requestId']) ?? textOf(fields['request_id']),
    retryable: retry !== 'never',
    retryOnce: retry === 'once' || undefined,
    wrongRoute: /url error/i.test(message) || undefined,
    streamingOnly: /only support stream mode|set to false for non-streaming calls/i.test(message) || undefined,
  }
}

/** A code for any bad request, as the `type` of many errors is, yields to a more specific status. */
function mostSpecific(known: Classification | undefined, status: number | undefined): Classification | undefined {
  const isSpecific = status !== undefined && (status >= 500 || status in byStatus)
  return known?.code === 'invalid-request' && isSpecific ? undefined : known
}

/** Parses JSON, or the JSON in the data lines of an SSE frame: some gateways frame even an error with status 400. */
function parseBody(body: string): JsonObject | undefined {
  const whole = parseJson(body)
  if (isJsonObject(whole)) return whole
  const data = [...body.matchAll(/^data: ?(.*)$/gm)].map((line) => line[1]).join('\n')
  const framed = data === '' ? undefined : parseJson(data)
  return isJsonObject(framed) ? framed : undefined
}

/** Shortens a body without a known field and removes its markup. */
function plainText(body: string): string {
  const text = body
    // The expressions below take time that grows with the square of what never closes.
    .slice(0, 8192)
    .replaceAll(/<(style|script|head)\b[\s\S]*?<\/\1>|<[^>]*>/gi, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim()
  return truncate(text, 200)
}

function defaultMessage(status: number | undefined): string {
  return status === undefined ? 'The service gave no reason' : `The service answered ${status} without a reason`
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** Classifies by the words where they say more than code and status do. */
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
