import type { Codec, DecodedError, RawError } from '../codec.ts'
import { ApiError, DualscopeError } from '../errors.ts'
import { requestIdOf } from '../http/headers.ts'
import { parseRetryAfter, type Failure } from '../http/retry.ts'
import { modelInfo } from '../models/catalogue.ts'
import { redactSecrets, redactUrl, shortenDataUrls } from '../redact.ts'
import type { Connection } from './connection.ts'
import { regionOf } from './endpoint.ts'

/** The request that an error of the service answers. */
export interface RefusedRequest {
  connection: Pick<Connection, 'model' | 'secrets'> & { codec: Pick<Codec, 'protocol' | 'decodeError'> }
  url: string
  /** The error response, or the response in which the error came. */
  response: Response
}

/** An error of the service, and what may help. */
export interface Refusal extends Failure {
  /** Another route may serve the model. */
  wrongRoute?: boolean | undefined
  /** The model answers only in streams. */
  streamingOnly?: boolean | undefined
}

/** Turns an error of the service into an `ApiError` with advice, and says whether a retry may help. */
export function explainRefusal(raw: RawError, request: RefusedRequest): Refusal {
  const { response, connection } = request
  const redirect = redirectError(response, request.url)
  if (redirect) return { error: redirect, retries: 0 }
  const decoded = connection.codec.decodeError(raw)
  const retryAfter = parseRetryAfter(response.headers.get('retry-after'))
  return {
    error: toApiError(decoded, request, retryAfter),
    retries: decoded.retryOnce ? 1 : decoded.retryable ? Infinity : 0,
    retryAfter,
    wrongRoute: decoded.wrongRoute,
    streamingOnly: decoded.streamingOnly,
  }
}

/** Creates the error of a redirect, which is never followed. */
function redirectError(response: Response, url: string): DualscopeError | undefined {
  const { status, type, headers } = response
  if (type !== 'opaqueredirect' && (status < 300 || status > 399)) return undefined
  const location = headers.get('location')
  if (location === null && type !== 'opaqueredirect') {
    return new DualscopeError(
      'connection',
      `${redactUrl(url)} answered ${status} without a Location; redirects are not followed`,
    )
  }
  const isKnown = location !== null && URL.canParse(location, url)
  const target = isKnown ? new URL(location, url).origin : 'an address that it does not state'
  return new DualscopeError('connection', `${redactUrl(url)} redirects to ${target}; redirects are not followed`)
}

function toApiError(decoded: DecodedError, request: RefusedRequest, retryAfter: number | undefined): ApiError {
  const { code, status, retryable } = decoded
  const { codec, secrets } = request.connection
  const redact = (text: string | undefined) => text && redactSecrets(text, secrets)
  const message = redactSecrets(shortenDataUrls(decoded.message), secrets)
  const advice = adviceFor(decoded, request)
  return new ApiError({
    code,
    message: advice ? `${message.replace(/[.\s]*$/, '')}. ${advice}` : message,
    status,
    serviceCode: redact(decoded.serviceCode),
    requestId: redact(decoded.requestId ?? requestIdOf(request.response)),
    protocol: codec.protocol,
    retryable,
    retryAfter,
  })
}

function adviceFor(decoded: DecodedError, { url, connection }: RefusedRequest): string | undefined {
  const { host, pathname } = new URL(url)
  const { model } = connection
  if (decoded.wrongRoute) return `${pathname} does not serve ${model}.`
  switch (decoded.code) {
    case 'authentication':
      return explainRefusedKey(host, decoded.message)
    case 'not-found':
      return explainMissing(model)
    case 'billing':
      return 'Waiting does not help: see billing and quotas in the Model Studio console.'
    case 'rate-limit':
      return explainThrottle(decoded.serviceCode)
    case 'invalid-request':
      return decoded.retryOnce ? 'Send the bytes instead of the URL: fromFile() or a Blob.' : undefined
    default:
      return undefined
  }
}

function explainRefusedKey(host: string, message: string): string {
  // The words for temporary keys, and for keys of plans at an address of another product.
  if (/token expired/i.test(message)) {
    return `${host} refused the key: create a new temporary key, or use the address of the key's plan.`
  }
  const region = regionOf(host)
  const belongs = region === undefined ? 'keys belong to a region' : `keys belong to a region, this host to ${region}`
  return `${host} refused the key: ${belongs}, so check that the two match.`
}

function explainMissing(model: string): string | undefined {
  const retired = modelInfo(model)?.retired
  return retired && `${model} was taken offline on ${retired.on}; use ${retired.successors.join(', ')}.`
}

function explainThrottle(serviceCode = ''): string {
  if (/burst/i.test(serviceCode)) return 'The traffic rose too fast: raise it slowly.'
  const what = /allocation|insufficient/i.test(serviceCode) ? 'tokens' : 'requests'
  return `The limit of ${what} per minute is reached; it recovers within about a minute.`
}
