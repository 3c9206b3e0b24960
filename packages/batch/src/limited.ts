import {
  ApiError,
  DualscopeError,
  notify,
  saysSomething,
  type Transport,
  type TransportCallOptions,
  type TransportRequest,
} from '@dualscope/core'

import { type CallClock, startClock } from './call-clock.ts'
import { estimateTokens, tokensUsed } from './estimate-tokens.ts'
import { checkLimitOptions, digestAccount, type LimitOptions, warnStore } from './limit-options.ts'
import { createGate, type RateGate } from './rate-gate.ts'
import { createCounter } from './shared-counter.ts'
import { createSlots } from './slots.ts'
import { watchStore } from './watch-store.ts'

/** The longest `Retry-After` that is waited for, in ms, as in the transports. */
const longestPause = 60_000

/**
 * Wraps a transport so that each call waits its turn: requests per minute, tokens per minute (estimated first, settled with
 * the real usage) and calls at once. With a Redis client as `store`, all processes with the same account, region and model
 * share the limits; a throttled answer slows all of them. Limits that you do not know are learned from throttled answers.
 *
 * Waiting counts for `totalTimeout` and ends with `signal`. It makes the retries, because each must wait its turn too: pass
 * `retries` here or with the call, not to the transport. Throws `configuration` for invalid options.
 *
 * @example
 * ```ts
 * const transport = limited(compatible(), { requestsPerMinute: 600, tokensPerMinute: 1_000_000 })
 * const client = createClient({ transport, model: 'kimi-k2.5' })
 * ```
 */
export function limited(transport: Transport, options: LimitOptions = {}): Transport {
  checkLimitOptions(options)
  const { requestsPerMinute, tokensPerMinute, store, fallbackShare = 0.1, onStore = warnStore } = options
  const { concurrency = Number.POSITIVE_INFINITY, maxQueue = 10_000, maxWait, retries: ownRetries = 2 } = options
  const shared = store && { store, watch: watchStore(store, onStore) }
  const slots = createSlots(concurrency, maxQueue)
  const account = digestAccount(options.key)
  const gates = new Map<string, RateGate>()
  const counterOf = (name: string, perMinute: number | undefined) =>
    perMinute === undefined ? undefined : createCounter({ name: `dualscope:${name}`, perMinute, shared, fallbackShare })
  const counters = { requests: counterOf('rpm', requestsPerMinute), tokens: counterOf('tpm', tokensPerMinute) }

  function gateFor({ model = '' }: TransportRequest): RateGate {
    const known = gates.get(model)
    if (known) return known
    const gate = createGate([account, options.region ?? 'beijing', model].join(':'), counters, maxQueue)
    gates.set(model, gate)
    return gate
  }

  /** Waits for a place and for the limits, until the wait or the call is over. */
  async function waitForTurn(gate: RateGate, request: TransportRequest, call: CallClock) {
    const stop = call.waitSignal(maxWait)
    let leave: (() => void) | undefined
    try {
      leave = await slots.enter(stop.signal)
      return { leave, turn: await gate.pass(estimateTokens(request), stop.signal) }
    } catch (error) {
      leave?.()
      throw error
    } finally {
      stop.dispose()
    }
  }

  /** Makes an attempt in its turn, and settles what it used. */
  async function* attemptInTurn(request: TransportRequest, call: CallClock, stream: boolean) {
    const gate = gateFor(request)
    const { leave, turn } = await waitForTurn(gate, request, call)
    let used: number | undefined
    try {
      const batches = stream
        ? transport.stream(request, call.remaining())
        : [[await transport.send(request, call.remaining())]]
      let isFirst = true
      for await (const batch of batches) {
        if (isFirst) turn.answered()
        isFirst = false
        for (const chunk of batch) used = tokensUsed(chunk) ?? used
        yield batch
      }
    } catch (error) {
      if (error instanceof ApiError) used ??= 0
      if (isThrottle(error)) await turn.throttled(error.retryAfter)
      throw error
    } finally {
      turn.settle(used)
      leave()
    }
  }

  /** Repeats a call that failed for a while, each time in its turn. */
  async function* attempts(request: TransportRequest, callOptions: TransportCallOptions, stream: boolean) {
    const call = startClock(callOptions)
    const { retries = ownRetries, signal } = callOptions
    let hasAnswer = false
    let failures = 0
    for (let attempt = 1; ; attempt += 1) {
      try {
        for await (const batch of attemptInTurn(request, call, stream)) {
          hasAnswer ||= batch.some(saysSomething)
          yield batch
        }
        return
      } catch (error) {
        if (hasAnswer || retries === 0 || signal?.aborted || !isTemporary(error)) throw error
        const asked = error instanceof ApiError ? error.retryAfter : undefined
        if (asked !== undefined && asked > longestPause) throw error
        let delay = 0
        if (isThrottle(error)) {
          // The call came too early. The gate makes it wait for another turn.
          if (gateFor(request).isHopeless()) throw error
        } else {
          failures += 1
          if (failures > retries) throw error
          delay = asked ?? Math.random() * Math.min(30_000, 500 * 2 ** failures)
        }
        notify(callOptions.onRetry, () => ({ protocol: transport.protocol, attempt, error, delay }))
        await call.pause(delay)
      }
    }
  }

  return {
    protocol: transport.protocol,
    async send(request, callOptions = {}) {
      for await (const [chunk] of attempts(request, callOptions, false)) if (chunk) return chunk
      throw new DualscopeError('incomplete', 'The transport returned no answer')
    },
    stream: (request, callOptions = {}) => attempts(request, callOptions, true),
  }
}

function isThrottle(error: unknown): error is ApiError {
  return error instanceof ApiError && error.code === 'rate-limit'
}

function isTemporary(error: unknown): error is DualscopeError {
  if (error instanceof ApiError) return error.retryable
  return error instanceof DualscopeError && ['connection', 'incomplete'].includes(error.code)
}
