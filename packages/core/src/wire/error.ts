import type { DecodedError, RawError } from '../codec.ts'
import type { ErrorCode } from '../errors.ts'
import { isJsonObject, isList, parseJson, type JsonObject } from '../json.ts'
import { truncate } from '../redact.ts'
import { lookUpServiceCode, type Classification } from './service-codes.ts'

// The service's own messages are a few sentences; what echoes the request may be megabytes.
const longestMessage = 2000

/** Reads an error in any of the shapes that gateways give it, whatever the protocol. */
export function decodeServiceError({ status, body }: RawError): DecodedError {
  const parsed = parseBody(body)
  const fields = fieldsOf(parsed)
  const found = findMessage(fields) ?? findMessage(parsed) ?? (plainText(body) || defaultMessage(status))
  const message = truncate(found, longestMessage)
  // `<400> InternalError.Algo.InvalidParameter: …`: the model's own error, wrapped by the gateway.
  const wrapped = /^<(\d{3})> ([\w.]+): /.exec(message)
  const code = codeOf(fields)
  const codeStatus = statusIn(code)
  const serviceCode =
    codeStatus === undefined ? (code ?? wrapped?.[2] ?? textOf(fields['type'])) : textOf(fields['type'])
  const known = mostSpecific(lookUpServiceCode(serviceCode), status ?? codeStatus)
  // An error under a status of success has none of its own.
  const candidates = [status, codeStatus, Number(wrapped?.[1]), known?.status]
  const statusOfError = candidates.find((candidate) => candidate !== undefined && candidate >= 400) ?? 500
  const { code: kind, retry } = classifyMessage(message) ?? known ?? classifyStatus(statusOfError)
  return {
    code: kind,
    status: statusOfError,
    serviceCode: serviceCode ?? code,
    message,
    requestId: requestIdIn(parsed) ?? requestIdIn(fields),
    retryable: retry !== 'never',
    retryOnce: retry === 'once' || undefined,
    wrongRoute: /url error/i.test(message) || undefined,
    streamingOnly: /only support stream mode|set to false for non-streaming calls/i.test(message) || undefined,
  }
}

/** The fields of an error stand at the top, under `error` (also twice), or in a list of errors. */
function fieldsOf(parsed: JsonObject | undefined): JsonObject {
  const { error, errors } = parsed ?? {}
  for (const candidate of [error, isList(error) ? error[0] : undefined, isList(errors) ? errors[0] : undefined]) {
    if (isJsonObject(candidate)) return isJsonObject(candidate['error']) ? candidate['error'] : candidate
  }
  // A choice that ends with an error holds it itself.
  const choices = parsed?.['choices']
  const choice = isList(choices) && isJsonObject(choices[0]) ? choices[0]['error'] : undefined
  return isJsonObject(choice) ? choice : (parsed ?? {})
}

/** Gateways call it `message`, FastAPI `detail`, problem+json `title` and `detail`; some write text for `error`. */
function findMessage(fields: JsonObject | undefined): string | undefined {
  if (!fields) return undefined
  const { message, Message, detail, title, error, errors, error_description: description, msg } = fields
  const nested = isJsonObject(message) ? findMessage(message) : undefined
  const details = isList(detail) ? detail.map((item) => (isJsonObject(item) ? textOf(item['msg']) : textOf(item))) : []
  const listed = details.filter((item) => item !== undefined).join('; ')
  return (
    textOf(message) ??
    textOf(Message) ??
    nested ??
    textOf(detail) ??
    textOf(listed) ??
    textOf(title) ??
    textOf(description) ??
    textOf(error) ??
    textOf(isList(errors) ? errors.filter((item) => typeof item === 'string').join('; ') : undefined) ??
    textOf(msg)
  )
}

function codeOf({ code, Code }: JsonObject): string | undefined {
  return typeof code === 'number' ? String(code) : (textOf(code) ?? textOf(Code))
}

/** Some gateways write the status as the code. */
function statusIn(code: string | undefined): number | undefined {
  return code !== undefined && /^[1-5]\d\d$/.test(code) ? Number(code) : undefined
}

function requestIdIn(fields: JsonObject | undefined): string | undefined {
  return textOf(fields?.['request_id']) ?? textOf(fields?.['requestId']) ?? textOf(fields?.['RequestId'])
}

/** A code for any bad request, as the `type` of many errors is, yields to a more specific status. */
function mostSpecific(known: Classification | undefined, status: number | undefined): Classification | undefined {
  const isSpecific = status !== undefined && (status >= 500 || status in byStatus)
  return known?.code === 'invalid-request' && isSpecific ? undefined : known
}

/** Parses JSON, of a list the first item, or the JSON in the data lines of an SSE frame: some gateways frame even an error with status 400. */
function parseBody(body: string): JsonObject | undefined {
  const whole = parseJson(body)
  const first = isList(whole) ? whole[0] : whole
  if (isJsonObject(first)) return first
  if (typeof whole === 'string') return { message: whole }
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
  if (status === 413) return 'The request is too large for the service or a gateway before it'
  return status === undefined ? 'The service gave no reason' : `The service answered ${status} without a reason`
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** Classifies by the words where they say more than code and status do. */
function classifyMessage(message: string): Pick<Classification, 'code' | 'retry'> | undefined {
  if (/Range of input length should be/i.test(message)) return { code: 'context-length', retry: 'never' }
  // The service could not fetch a media URL in time, which another attempt may repair.
  const fetching = /DataInspection.*timed? ?out|Download multimodal file timed out|(Failed|Unable) to download/i
  if (fetching.test(message)) return { code: 'invalid-request', retry: 'once' }
  // A used-up free quota comes as 429 like a throttle, but waiting does not help.
  if (/free (allocated )?quota/i.test(message)) return { code: 'billing', retry: 'never' }
  // These come as InternalError.Algo, yet the request is at fault.
  const faults = /list index out of range|Missing Content-Length of multimodal url|Expecting ',' delimiter/i
  return faults.test(message) ? { code: 'invalid-request', retry: 'never' } : undefined
}

function classifyStatus(status: number): Pick<Classification, 'code' | 'retry'> {
  const code = byStatus[status] ?? (status >= 500 ? 'server' : 'invalid-request')
  return { code, retry: status >= 500 || retryableStatuses.has(status) ? 'always' : 'never' }
}

// 408 and 425 say by their definition that the request may be repeated; 421 that another connection may do. 499 is the report of
// a gateway that its own caller left, which is not us.
const retryableStatuses: ReadonlySet<number> = new Set([408, 421, 425, 429, 499])

const byStatus: Readonly<Record<number, ErrorCode>> = {
  401: 'authentication',
  402: 'billing',
  403: 'permission',
  404: 'not-found',
  407: 'connection',
  408: 'server',
  421: 'server',
  425: 'server',
  429: 'rate-limit',
  499: 'server',
  503: 'overloaded',
  529: 'overloaded',
}
