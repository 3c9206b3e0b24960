import type { ChatChunk } from '../chat/chunk.ts'
import { ApiError, DualscopeError } from '../errors.ts'
import { anyOf, interruptible } from '../async/abort.ts'
import type { CallOptions } from '../chat/request.ts'
import { startTimeBudget } from '../async/time-budget.ts'
import type { Transport } from '../transport.ts'

/** How a fallback decides. */
export interface FallbackOptions {
  /**
   * Whether the next transport is asked after this error. It sees every failure that comes before the first chunk but
   * aborts, so it is the place to log them too. @default `isWorthAnother`
   */
  when?: ((error: unknown) => boolean) | undefined
}

/**
 * Asks the transports in turn, until one answers: the next one follows a connection that failed, a timeout before the
 * first chunk, a refusal that is retryable (throttles, overload, server faults) and `unsupported`; never a request that
 * is wrong itself, an abort, or anything after the first chunk. The result's `protocol` says which one answered.
 *
 * Each transport makes its own retries first; `totalTimeout` of a call counts for all of them together. When none
 * answers, the last error is thrown that tells more than `unsupported`. Its `protocol` lists those of the transports.
 *
 * @example
 * ```ts
 * const client = createClient({ transport: fallback([compatible(), dashscope()]), model: 'kimi-k2.5' })
 * ```
 */
export function fallback(transports: readonly Transport[], options: FallbackOptions = {}): Transport {
  const { when = isWorthAnother } = options

  /** The first answer to come, and who gave it. */
  async function firstOf<T>(
    callOptions: CallOptions,
    ask: (transport: Transport, callOptions: CallOptions) => Promise<T>,
  ): Promise<{ answer: T; protocol: string }> {
    const budget = startTimeBudget(callOptions)
    let failure: unknown = new DualscopeError('configuration', 'fallback: needs one transport at least')
    let telling = false
    for (const transport of transports) {
      const rest = budget()
      if (rest === undefined) break
      try {
        return { answer: await ask(transport, rest), protocol: transport.protocol }
      } catch (error) {
        if (rest.signal?.aborted || !when(error)) throw error
        const tells = !isUnsupported(error)
        if (tells || !telling) failure = error
        telling ||= tells
      }
    }
    throw failure
  }

  return {
    protocol: transports.map(({ protocol }) => protocol).join(','),
    async send(request, callOptions = {}) {
      const { answer, protocol } = await firstOf(callOptions, (transport, rest) => transport.send(request, rest))
      return { ...answer, protocol: answer.protocol ?? protocol }
    },
    stream(request, callOptions = {}) {
      const leaving = new AbortController()
      const signal = anyOf(callOptions.signal, leaving.signal)
      async function* run(): AsyncGenerator<ChatChunk, void, undefined> {
        const { answer, protocol } = await firstOf({ ...callOptions, signal }, async (transport, rest) => {
          const chunks = transport.stream(request, rest)[Symbol.asyncIterator]()
          return { first: await chunks.next(), chunks }
        })
        const { chunks } = answer
        try {
          for (let step = answer.first; !step.done; step = await chunks.next()) {
            yield { ...step.value, protocol: step.value.protocol ?? protocol }
          }
        } finally {
          await chunks.return?.()
        }
      }
      return interruptible(run(), () => leaving.abort())
    },
  }
}

/** What another transport may do better: the way there, the service's state, or what this protocol cannot carry. */
function isWorthAnother(error: unknown): boolean {
  if (error instanceof ApiError) return error.retryable
  if (!(error instanceof DualscopeError)) return false
  // Nothing has come yet: an answer that is `incomplete` here was a connection that broke.
  return isUnsupported(error) || ['connection', 'timeout', 'incomplete'].includes(error.code)
}

function isUnsupported(error: unknown): boolean {
  return error instanceof DualscopeError && error.code === 'unsupported'
}
