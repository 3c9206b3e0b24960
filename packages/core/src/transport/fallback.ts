import * as z from 'zod/mini'

import { startTimeBudget } from '../async/time-budget.ts'
import { saysSomething, type ChatChunk } from '../chat/chunk.ts'
import type { CallOptions } from '../chat/request.ts'
import { ApiError, DualscopeError } from '../errors.ts'
import { isJsonObject, isList } from '../json.ts'
import { checkOptions } from '../request/options.ts'
import type { Transport } from '../transport.ts'

const fallbackOptions = z.strictObject({
  when: z.optional(z.custom((value) => typeof value === 'function', 'a function')),
})

/** How a fallback decides. */
export interface FallbackOptions {
  /**
   * Whether the next transport is tried after this error. It sees every failure before the first chunk, except aborts, so
   * it is also the place to log them. @default `isWorthAnother`
   */
  when?: ((error: unknown) => boolean) | undefined
}

/**
 * Tries the transports in turn until one answers. The next one follows a failed connection, a timeout before the first
 * chunk, a retryable error of the service (rate limits, overload, server errors) and `unsupported`; never an invalid
 * request, an abort, or anything after the first chunk. The result's `protocol` names the transport that answered.
 *
 * Each transport makes its own retries first; `totalTimeout` of a call counts for all of them together. If all fail, the
 * last error that is not `unsupported` is thrown. The `protocol` of the fallback lists those of its transports.
 *
 * @example
 * ```ts
 * const client = createClient({ transport: fallback([compatible(), dashscope()]), model: 'kimi-k2.5' })
 * ```
 */
export function fallback(transports: readonly Transport[], options: FallbackOptions = {}): Transport {
  assertTransports(transports)
  checkOptions(fallbackOptions, options, 'configuration')
  const { when = isWorthAnother } = options

  function goesOn(error: unknown): boolean {
    const decision: unknown = when(error)
    if (typeof decision === 'boolean') return decision
    throw new DualscopeError('configuration', 'when: must return true or false, and not a promise')
  }

  /** Returns the first answer, and the protocol of its transport. */
  async function tryInTurn<T>(
    callOptions: CallOptions,
    ask: (transport: Transport, callOptions: CallOptions) => Promise<T>,
  ): Promise<{ answer: T; protocol: string }> {
    const budget = startTimeBudget(callOptions)
    let failure: unknown = new DualscopeError('configuration', 'fallback: needs one transport at least')
    let isSpecific = false
    for (const transport of transports) {
      const remaining = budget()
      if (remaining === undefined) break
      try {
        return { answer: await ask(transport, remaining), protocol: transport.protocol }
      } catch (error) {
        if (remaining.signal?.aborted || !goesOn(error)) throw error
        const specific = !isUnsupported(error)
        if (specific || !isSpecific) failure = error
        isSpecific ||= specific
      }
    }
    throw failure
  }

  return {
    protocol: transports.map(({ protocol }) => protocol).join(','),
    async send(request, callOptions = {}) {
      const { answer, protocol } = await tryInTurn(callOptions, (transport, remaining) =>
        transport.send(request, remaining),
      )
      return { ...answer, protocol: answer.protocol ?? protocol }
    },
    async *stream(request, callOptions = {}) {
      const { answer, protocol } = await tryInTurn(callOptions, (transport, remaining) =>
        openStream(transport.stream(request, remaining)),
      )
      const { silent, first, batches } = answer
      const named = (batch: readonly ChatChunk[]) =>
        batch.map((chunk) => ({ ...chunk, protocol: chunk.protocol ?? protocol }))
      try {
        yield* silent.map(named)
        for (let step = first; !step.done; step = await batches.next()) yield named(step.value)
      } finally {
        await batches.return?.()
      }
    },
  }
}

function assertTransports(transports: unknown): void {
  if (isList(transports) && transports.every((item) => isJsonObject(item) && typeof item['stream'] === 'function'))
    return
  throw new DualscopeError(
    'configuration',
    'fallback: must be a list of transports, such as [compatible(), dashscope()]',
  )
}

/** Waits for the first batch that says something: until then a failure can be passed to the next transport. */
async function openStream(stream: AsyncIterable<readonly ChatChunk[]>) {
  const batches = stream[Symbol.asyncIterator]()
  const silent: (readonly ChatChunk[])[] = []
  let step = await batches.next()
  while (!step.done && !step.value.some(saysSomething)) {
    silent.push(step.value)
    step = await batches.next()
  }
  return { silent, first: step, batches }
}

/** Whether another transport may do better: the network, the service's state, or what this protocol does not support. */
function isWorthAnother(error: unknown): boolean {
  if (error instanceof ApiError) return error.retryable
  if (!(error instanceof DualscopeError)) return false
  // Before the first chunk, an `incomplete` answer is a broken connection.
  return isUnsupported(error) || ['connection', 'timeout', 'incomplete'].includes(error.code)
}

function isUnsupported(error: unknown): boolean {
  return error instanceof DualscopeError && error.code === 'unsupported'
}
