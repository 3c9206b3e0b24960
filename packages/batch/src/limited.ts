import {
  ApiError,
  type CallOptions,
  type ChatChunk,
  DualscopeError,
  type Transport,
  type TransportRequest,
} from '@dualscope/core'

import { delay } from './delay.ts'
import { estimateTokens, tokensUsed } from './estimate-tokens.ts'
import { checkLimitOptions, digestAccount, type LimitOptions, warnStore } from './limit-options.ts'
import { createGate, type RateGate } from './rate-gate.ts'
import { createCounter } from './shared-counter.ts'
import { createSlots } from './slots.ts'
import { watchStore } from './watch-store.ts'

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
    const gate = createGate([account, options.region ?? 'beijing', model].join(':'), counters)
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

  /** Repeats a call that failed for a while, each time in its turn. */
  async function* attempts(request: TransportRequest, callOptions: CallOptions, stream: boolean) {
    const call = startClock(callOptions)
    const gate = gateFor(request)
    const retries = callOptions.retries ?? ownRetries
    let failures = 0
    for (;;) {
      const { leave, turn } = await waitForTurn(gate, request, call)
      let used: number | undefined
      let hasAnswer = false
      try {
        const batches = stream
          ? transport.stream(request, call.remaining())
          : [[await transport.send(request, call.remaining())]]
        for await (const batch of batches) {
          for (const chunk of batch) {
            used = tokensUsed(chunk) ?? used
            hasAnswer ||= Boolean(chunk.text || chunk.reasoning || chunk.toolCalls?.length || chunk.finishReason)
          }
          yield batch
        }
        turn.answered()
        return
      } catch (error) {
        if (error instanceof ApiError) used ??= 0
        const isThrottled = error instanceof ApiError && error.code === 'rate-limit'
        if (isThrottled) await turn.throttled(error.retryAfter)
        if (hasAnswer || retries === 0 || !isTemporary(error) || callOptions.signal?.aborted) throw error
        if (isThrottled) {
          // It was not its turn yet, so it waits for another.
          if (gate.isHopeless()) throw error
          continue
        }
        failures += 1
        if (failures > retries) throw error
        const pause = error instanceof ApiError ? error.retryAfter : undefined
        await call.pause(pause ?? Math.random() * Math.min(30_000, 500 * 2 ** failures))
      } finally {
        turn.settle(used)
        leave()
      }
    }
  }

  return {
    protocol: transport.protocol,
    async send(request, callOptions = {}) {
      for await (const [chunk] of attempts(request, callOptions, false)) if (chunk) return chunk
      throw new DualscopeError('incomplete', 'The transport returned no answer')
    },
    stream: (request, callOptions = {}): AsyncIterable<readonly ChatChunk[]> => attempts(request, callOptions, true),
  }
}

function isTemporary(error: unknown): boolean {
  if (error instanceof ApiError) return error.retryable
  return error instanceof DualscopeError && ['connection', 'incomplete'].includes(error.code)
}

function totalError(): DualscopeError {
  return new DualscopeError('timeout', 'No whole answer within the total time')
}

type CallClock = ReturnType<typeof startClock>

/** Watches the signal and the total time of a call with all its attempts. */
function startClock(callOptions: CallOptions) {
  const { signal: caller, totalTimeout } = callOptions
  const end = totalTimeout === undefined ? undefined : performance.now() + totalTimeout
  const timeLeft = () => (end === undefined ? Number.POSITIVE_INFINITY : end - performance.now())

  function waitSignal(maxWait = Number.POSITIVE_INFINITY) {
    const controller = new AbortController()
    const left = timeLeft()
    const time = Math.min(left, maxWait)
    const expire = () => {
      const tooLong = new DualscopeError(
        'rate-limit',
        `No turn within ${maxWait} ms (maxWait); raise it, or start fewer calls`,
      )
      controller.abort(left <= maxWait ? totalError() : tooLong)
    }
    // Timers overflow after 24 days.
    const timer = time < 2 ** 31 ? setTimeout(expire, time) : undefined
    const signal = caller ? AbortSignal.any([caller, controller.signal]) : controller.signal
    return { signal, dispose: () => clearTimeout(timer) }
  }

  return {
    waitSignal,
    /** Returns the options of the next attempt, which has no retries of its own. */
    remaining(): CallOptions {
      const options = { ...callOptions, retries: 0 }
      if (end === undefined) return options
      if (timeLeft() <= 0) throw totalError()
      return { ...options, totalTimeout: timeLeft() }
    },
    async pause(milliseconds: number): Promise<void> {
      const stop = waitSignal()
      try {
        await delay(milliseconds, stop.signal)
      } finally {
        stop.dispose()
      }
    },
  }
}
