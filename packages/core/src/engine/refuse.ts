import type { Refusal } from '../codec.ts'
import type { ExchangeFailure } from './exchange.ts'
import type { RefusedRequest } from './explain.ts'
import { loadPart } from '../load-part.ts'

/** A refusal as a failure. What explains it is loaded with the first one; where that cannot be had, the error tells what came. */
export async function refuse(refusal: Refusal, request: RefusedRequest): Promise<ExchangeFailure> {
  const { status = 'an error', body } = refusal
  const came = `; it was to explain why the service answered ${status}: ${body.slice(0, 200)}`
  const { explainRefusal } = await loadPart(import('./explain.ts'), came)
  return explainRefusal(refusal, request)
}
