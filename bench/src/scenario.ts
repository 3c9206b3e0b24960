import type { Protocol } from './frames.ts'

/**
 * How the server answers:
 * - `packed`: in writes that cut frames and characters
 * - `drip`: one write a frame
 * - `cumulative`: packed, and each frame repeats all so far (native only)
 * - `stamped`: the first delta is the server's clock, then it waits
 * - `call`: one JSON text
 * - `video`: one JSON text that tells how many bytes came
 */
export type Delivery = 'packed' | 'drip' | 'cumulative' | 'stamped' | 'call' | 'video'

/** The scenarios of the server, by the first segment of the path: `/packed-20000/…`. */
export interface Scenario {
  delivery: Delivery
  /** How many deltas. */
  count: number
}

/** The base URL under which the server plays a scenario, as a client takes it for the service's own. */
export function baseUrl(origin: string, { delivery, count }: Scenario): string {
  return `${origin}/${delivery}-${count}`
}

/** The paths below a base URL. */
export const paths: Readonly<Record<Protocol, string>> = {
  compatible: '/compatible-mode/v1/chat/completions',
  native: '/api/v1/services/aigc/multimodal-generation/generation',
}

/** The text of every answer that is not streamed. */
export const callText = '我是 Kimi，由月之暗面训练的模型。'
