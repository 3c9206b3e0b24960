import { delay } from './delay.ts'
import { createPace } from './pace.ts'
import type { SharedCounter } from './shared-counter.ts'
import { createSlots } from './slots.ts'

/** Lets the calls of one key pass in order, each after it has paid for its request and its tokens. */
export interface RateGate {
  /** Waits for the turn of a call with an estimate of its tokens. */
  pass(tokens: number, signal: AbortSignal): Promise<Turn>
  /** Whether the service has throttled everything for ten minutes. */
  isHopeless(): boolean
}

/** The turn of one call. */
interface Turn {
  /** Settles the real number of tokens; undefined if it is unknown. */
  settle(real: number | undefined): void
  answered(): void
  /** Slows all calls, also those of others that share the store. `retryAfter` is the pause in ms that the service requires. */
  throttled(retryAfter: number | undefined): Promise<void>
}

/** The counters of a gate. */
export interface GateCounters {
  requests: SharedCounter | undefined
  tokens: SharedCounter | undefined
}

const steps = { smallest: 0.02, largest: 20, weight: 0.1 }

/** The pause of all processes that share the store after a throttled answer without a time, and the longest one, in ms. */
const throttlePause = { usual: 1000, longest: 60_000 }

/**
 * Creates a gate. `key` names the account, region and model; it holds no secret. If more than `maxQueue` calls wait, the next
 * one fails with `rate-limit`.
 */
export function createGate(key: string, { requests, tokens }: GateCounters, maxQueue: number): RateGate {
  const turns = createSlots(1, maxQueue)
  // The requests of a batch are alike, so the error of their estimates is a factor that can be learned.
  let factor = 1
  // Tokens to pay: those that calls used beyond their estimates and that of the next call; negative for a credit.
  let debt = 0
  const pace = createPace(() => performance.now())

  function settle(real: number, estimate: number, expected: number): void {
    // A failed call has no tokens to compare with its estimate.
    const sample = real === 0 ? factor : Math.min(steps.largest, Math.max(steps.smallest, real / estimate))
    factor += (sample - factor) * steps.weight
    // A credit of more than one request would let a burst through.
    debt = Math.max(-expected, debt + real - expected)
  }

  async function block(milliseconds: number): Promise<void> {
    await Promise.all([requests?.block(key, milliseconds), tokens?.block(key, milliseconds)])
  }

  async function keepPace(signal: AbortSignal): Promise<void> {
    for (let wait = pace.untilNext(); wait > 0; wait = pace.untilNext()) await delay(wait, signal)
  }

  /** Pays in parts if the window of the counter is small. */
  async function payTokens(counter: SharedCounter, signal: AbortSignal): Promise<void> {
    while (debt > 0) {
      signal.throwIfAborted()
      const { taken, wait } = await counter.take(key, debt)
      debt -= taken
      if (debt > 0) await delay(wait, signal)
    }
  }

  async function payRequest(counter: SharedCounter, signal: AbortSignal): Promise<void> {
    for (let isPaid = false; !isPaid;) {
      signal.throwIfAborted()
      const { taken, wait } = await counter.take(key, 1)
      isPaid = taken > 0
      if (!isPaid) await delay(wait, signal)
    }
  }

  return {
    async pass(estimate, signal) {
      const leave = await turns.enter(signal)
      const expected = Math.max(1, Math.ceil(estimate * factor))
      debt += expected
      try {
        await keepPace(signal)
        if (tokens) await payTokens(tokens, signal)
        if (requests) await payRequest(requests, signal)
      } catch (error) {
        // The call is over, so its payment is a credit for the next one.
        debt -= expected
        throw error
      } finally {
        leave()
      }
      const start = pace.start()
      return {
        settle: (real = expected) => settle(real, estimate, expected),
        answered: () => pace.answered(),
        throttled(retryAfter) {
          pace.throttled(start, retryAfter)
          return block(Math.min(retryAfter ?? throttlePause.usual, throttlePause.longest))
        },
      }
    },
    isHopeless: () => pace.isHopeless(),
  }
}
