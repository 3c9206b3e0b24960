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

/**
 * Creates a gate. `key` names the account, region and model; it holds no secret. If more than `maxQueue` calls wait, the next
 * one fails with `rate-limit`.
 */
export function createGate(key: string, { requests, tokens }: GateCounters, maxQueue: number): RateGate {
  const turns = createSlots(1, maxQueue)
  // Estimates are wrong by a factor that is much the same for all requests of a batch, so it is learned.
  let factor = 1
  // Tokens to pay: those that calls used beyond their estimates and that of the next call; negative for a credit.
  let debt = 0
  let blockedUntil = 0

  /** Counters stop the calls of others. This one also holds without counters. */
  async function waitWhileBlocked(signal: AbortSignal): Promise<void> {
    for (let wait = blockedUntil - performance.now(); wait > 0; wait = blockedUntil - performance.now()) {
      await delay(wait, signal)
    }
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
        await waitWhileBlocked(signal)
        if (tokens) await payTokens(tokens, signal)
        if (requests) await payRequest(requests, signal)
      } catch (error) {
        // Not this call's any more; what it has paid is a credit of the next one.
        debt -= expected
        throw error
      } finally {
        leave()
      }
      return (real = expected) => {
        // A call that failed says nothing about the estimates.
        const sample = real === 0 ? factor : Math.min(steps.largest, Math.max(steps.smallest, real / estimate))
        factor += (sample - factor) * steps.weight
        // A credit of more than one request would let a burst through.
        debt = Math.max(-expected, debt + real - expected)
      }
    },
    async block(milliseconds) {
      blockedUntil = Math.max(blockedUntil, performance.now() + milliseconds)
      await Promise.all([requests?.block(key, milliseconds), tokens?.block(key, milliseconds)])
    },
  }
}
