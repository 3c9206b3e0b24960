import type { Codec, Refusal, WireFault } from '../codec.ts'
import { ApiError } from '../errors.ts'
import type { ExchangeFailure } from '../transport/attempt.ts'
import { modelInfo } from '../models/catalogue.ts'
import { redactKey } from '../redact.ts'
import { redirectError } from '../engine/redirect-error.ts'
import { regionOf } from '../engine/region-of.ts'
import { requestIdOf } from '../engine/request-id.ts'
import { parseRetryAfter } from '../http/retry-after.ts'
import { shortenDataUrls } from '../engine/shorten-data-urls.ts'

/** What a refusal was about. */
export interface RefusedRequest {
  codec: Codec
  url: string
  model: string
  key: string
  /** What refused it, or began to answer it. */
  response: Response
}

/** The service's refusal as an error that says what to do, and what a repetition may mend. */
export async function explainRefusal(refusal: Refusal, request: RefusedRequest): Promise<ExchangeFailure> {
  const { response } = request
  const pointsElsewhere = redirectError(response, request.url)
  if (pointsElsewhere) return { error: pointsElsewhere, retries: 0 }
  const fault = await request.codec.decodeError(refusal)
  const retries = fault.retryOnce ? 1 : fault.retryable ? Infinity : 0
  const retryAfter = parseRetryAfter(response.headers.get('retry-after'))
  return {
    error: toApiError(fault, request, retryAfter),
    retries,
    retryAfter,
    wrongRoute: fault.wrongRoute,
    streamOnly: fault.streamOnly,
  }
}

function toApiError(fault: WireFault, request: RefusedRequest, retryAfter: number | undefined): ApiError {
  const { code, status, retryable } = fault
  const { codec, key } = request
  const told = (text: string | undefined) => text && redactKey(text, key)
  const said = redactKey(shortenDataUrls(fault.message), key)
  const advice = adviceFor(fault, request)
  return new ApiError({
    code,
    message: advice ? `${said.replace(/[.\s]*$/, '')}. ${advice}` : said,
    status,
    serviceCode: told(fault.serviceCode),
    requestId: told(fault.requestId ?? requestIdOf(request.response)),
    protocol: codec.protocol,
    retryable,
    retryAfter,
  })
}

function adviceFor(fault: WireFault, { url, model }: RefusedRequest): string | undefined {
  const { host, pathname } = new URL(url)
  if (fault.wrongRoute) return `${pathname} does not serve ${model}.`
  switch (fault.code) {
    case 'authentication':
      return explainRefusedKey(host)
    case 'not-found':
      return explainMissing(model)
    case 'billing':
      return 'Waiting does not help: see billing and quotas in the Model Studio console.'
    case 'rate-limit':
      return explainThrottle(fault.serviceCode)
    default:
      return undefined
  }
}

function explainRefusedKey(host: string): string {
  const region = regionOf(host)
  const belongs = region === undefined ? 'keys belong to a region' : `keys belong to a region, this host to ${region}`
  return `${host} refused the key: ${belongs}, so check that the two fit together.`
}

function explainMissing(model: string): string | undefined {
  const retired = modelInfo(model)?.retired
  return retired && `${model} was taken offline on ${retired.on}; its successor is ${retired.successor}.`
}

function explainThrottle(serviceCode = ''): string {
  if (/burst/i.test(serviceCode)) return 'The traffic rose too fast: raise it slowly.'
  const what = /allocation|insufficient/i.test(serviceCode) ? 'tokens' : 'requests'
  return `The limit of ${what} a minute is reached; it recovers within about a minute.`
}
