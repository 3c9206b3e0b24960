import type { Refusal } from '../codec.ts'
import type { ExchangeFailure } from '../transport/attempt.ts'
import type { RefusedRequest } from '../service/refusal.ts'
import { loadPart } from '../lazy.ts'
import { whatCame } from '../wire/decode-fault.ts'

/** A refusal as a failure. What explains it is loaded with the first one; where that cannot be had, the error tells what came. */
export async function refuse(refusal: Refusal, request: RefusedRequest): Promise<ExchangeFailure> {
  const { explainRefusal } = await loadPart(import('../service/refusal.ts'), whatCame(refusal))
  return explainRefusal(refusal, request)
}
