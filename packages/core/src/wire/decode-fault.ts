import type { Refusal, WireFault } from '../codec.ts'
import { loadPart } from '../load-part.ts'

/**
 * Reads a refusal in any of the shapes that the gateway of Model Studio gives it, whatever the protocol. What knows the
 * service's codes is loaded with the first refusal.
 */
export async function decodeFault(refusal: Refusal): Promise<WireFault> {
  const { readFault } = await loadPart(import('./fault.ts'))
  return readFault(refusal)
}
