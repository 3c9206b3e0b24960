import type { Refusal, WireFault } from '../codec.ts'
import { loadPart } from '../lazy.ts'
import { shortened } from '../shortened.ts'

/**
 * Reads a refusal in any of the shapes that the gateway of Model Studio gives it, whatever the protocol. What knows the
 * service's codes is loaded with the first refusal.
 */
export async function decodeFault(refusal: Refusal): Promise<WireFault> {
  const { readFault } = await loadPart(import('./error.ts'), whatCame(refusal))
  return readFault(refusal)
}

/** What is told of a refusal where the part that explains it cannot be loaded. */
export function whatCame({ status, body }: Refusal): string {
  return `; it was to explain why the service refused${status ? ` with ${status}` : ''}: ${shortened(body, 200)}`
}
