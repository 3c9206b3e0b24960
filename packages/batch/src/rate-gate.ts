import { delay } from './delay.ts'
import type { SharedCounter } from './shared-counter.ts'
import { createSlots } from './slots.ts'

/** Lets the calls of one key pass in order, each after it has paid for its request and its tokens. */
export interface RateGate {
  /** Waits for the turn of a call with about so many tokens. Returns the function that settles the real number. */
  pass(tokens: number, signal: AbortSignal): Promise<(real: number | undefined) => void>
  /** Stops all calls for a time in ms, also those of others that share the store. */
  block(milliseconds: number): Promise<void>
}

/** The counters of a gate. */
export interface GateCounters {
  requests: SharedCounter | undefined
  tokens: SharedCounter | undefined
}

const steps = { smallest: 0.02, largest: 20, weight: 0.1 }

/** Creates a gate. `key` names the account, region and model; it holds no secret. */
export function createGate(key: string, { requests, tokens }: GateCounters): RateGate {
  const turns = createSlots(1, Number.POSITIVE_INFINITY)
  // Estimates are wrong by a factor that is much the same for all requests of a batch, so it is learned.
  let factor = 1
  // Tokens that calls used beyond their estimates, paid by the next ones; negative for a credit.
  let debt = 0

  async function pay(counter: SharedCounter, points: number, signal: AbortSignal): Promise<void> {
    for (let left = points; left > 0;) {
      signal.throwIfAborted()
      const { taken, wait } = await counter.take(key, left)
      left -= taken
      if (left > 0) await delay(wait, signal)
    }
  }

  return {
    async pass(estimate, signal) {
      const leave = await turns.enter(signal)
      try {
        const expected = Math.max(1, Math.ceil(estimate * factor))
        if (tokens) {
          const due = Math.max(0, expected + debt)
          debt = Math.min(0, expected + debt)
          await pay(tokens, due, signal)
        }
        if (requests) await pay(requests, 1, signal)
        return (real = expected) => {
          // A call that failed says nothing about the estimates.
          const sample = real === 0 ? factor : Math.min(steps.largest, Math.max(steps.smallest, real / estimate))
          factor += (sample - factor) * steps.weight
          // A credit of more than one request would let a burst through.
          debt = Math.max(-expected, debt + real - expected)
        }
      } finally {
        leave()
      }
    },
    async block(milliseconds) {
      await Promise.all([requests?.block(key, milliseconds), tokens?.block(key, milliseconds)])
    },
  }
}
