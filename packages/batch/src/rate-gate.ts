import { delay } from './delay.ts'
import { createPace } from './pace.ts'
import type { SharedCounter } from './shared-counter.ts'
import { createSlots } from './slots.ts'

/** Lets the calls of one key pass in order, each after it has paid for its request and its tokens. */
export interface RateGate {
  /** Waits for the turn of a call with about so many tokens. */
  pass(tokens: number, signal: AbortSignal): Promise<Turn>
  /** Whether the service has throttled everything for ten minutes. */
  isHopeless(): boolean
}

/** The turn of one call. */
export interface Turn {
  /** Settles the real number of tokens; undefined if it is unknown. */
  settle(real: number | undefined): void
  answered(): void
  /** Slows all calls, also those of others that share the store. `retryAfter` is the pause in ms that the service asks for. */
  throttled(retryAfter: number | undefined): Promise<void>
}

/** The counters of a gate. */
export interface GateCounters {
  requests: SharedCounter | undefined
  tokens: SharedCounter | undefined
}

const steps = { smallest: 0.02, largest: 20, weight: 0.1 }

/** ms that all who share the store wait after a throttled answer that names no time. */
const throttlePause = 1000

/** Creates a gate. `key` names the account, region and model; it holds no secret. */
export function createGate(key: string, { requests, tokens }: GateCounters): RateGate {
  const turns = createSlots(1, Number.POSITIVE_INFINITY)
  // Estimates are wrong by a factor that is much the same for all requests of a batch, so it is learned.
  let factor = 1
  // Tokens that calls used beyond their estimates, paid by the next ones; negative for a credit.
  let debt = 0
  const pace = createPace(() => performance.now())

  function settle(real: number, estimate: number, expected: number): void {
    // A call that failed says nothing about the estimates.
    const sample = real === 0 ? factor : Math.min(steps.largest, Math.max(steps.smallest, real / estimate))
    factor += (sample - factor) * steps.weight
    // A credit of more than one request would let a burst through.
    debt = Math.max(-expected, debt + real - expected)
  }

  async function block(milliseconds: number): Promise<void> {
    await Promise.all([requests?.block(key, milliseconds), tokens?.block(key, milliseconds)])
  }

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
        for (let wait = pace.untilNext(); wait > 0; wait = pace.untilNext()) await delay(wait, signal)
        const start = pace.start()
        return {
          settle: (real = expected) => settle(real, estimate, expected),
          answered: () => pace.answered(),
          throttled(retryAfter) {
            pace.throttled(start, retryAfter)
            return block(Math.min(retryAfter ?? throttlePause, 60_000))
          },
        }
      } finally {
        leave()
      }
    },
    isHopeless: () => pace.isHopeless(),
  }
}
