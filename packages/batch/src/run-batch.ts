import { type Client, DualscopeError } from '@dualscope/core'

import { type BatchAnswer, type BatchItem, isFatal, toBatchError, toBatchResult } from './answer.ts'
import { createIdSet } from './id-set.ts'

/** How a batch runs. */
export interface BatchOptions {
  client: Client
  /** Requests at once, 1 or more. @default 8 */
  concurrency?: number | undefined
  /** Ends the batch: nothing more is asked, and what is under way has `grace` to finish. It then throws the signal's reason. */
  signal?: AbortSignal | undefined
  /** ms that requests under way may take after an abort. @default 10_000 */
  grace?: number | undefined
  /** Called for each id that came before; it is asked once. */
  onDuplicate?: ((id: string) => void) | undefined
}

/**
 * Asks many requests and yields each answer as it comes, in any order. It reads no more than `concurrency` items ahead of
 * the reader, asks each id once, and turns the failure of a request into an answer with `error`.
 *
 * Throws what would fail every request (`authentication`, `billing`, `configuration`), what the items throw, and the
 * signal's reason. Leaving the loop aborts the requests under way.
 *
 * @example
 * ```ts
 * for await (const answer of runBatch(items, { client, concurrency: 20 })) {
 *   console.log(answer.id, 'result' in answer ? answer.result.text : answer.error.message)
 * }
 * ```
 */
export function runBatch(
  items: AsyncIterable<BatchItem> | Iterable<BatchItem>,
  options: BatchOptions,
): AsyncGenerator<BatchAnswer, void, undefined> {
  const { client, onDuplicate, ...running } = options
  const ids = createIdSet()
  return runConcurrently(
    items,
    async (item, signal) => {
      if (ids.add(item.id)) return answerItem(client, item, signal)
      onDuplicate?.(item.id)
      return undefined
    },
    running,
  )
}

/** Asks one request. Throws what is not about this request alone. */
export async function answerItem(
  client: Client,
  { id, request }: BatchItem,
  signal: AbortSignal,
): Promise<BatchAnswer> {
  try {
    return { id, result: toBatchResult(await client.chat(request, { signal })) }
  } catch (error) {
    if (signal.aborted || isFatal(error)) throw error
    return { id, error: toBatchError(error) }
  }
}

/**
 * Runs a function over items, `concurrency` at once, and yields what it returns, except undefined. While `isFull` says so, it
 * reads no further item.
 */
export async function* runConcurrently<Item, Answer>(
  items: AsyncIterable<Item> | Iterable<Item>,
  run: (item: Item, signal: AbortSignal) => Promise<Answer | undefined>,
  options: Pick<BatchOptions, 'concurrency' | 'signal' | 'grace'> & { isFull?: () => boolean },
): AsyncGenerator<Answer, void, undefined> {
  const { concurrency = 8, signal, grace = 10_000, isFull = () => false } = options
  if (!Number.isInteger(concurrency) || concurrency < 1) {
    throw new DualscopeError('configuration', `concurrency: must be a whole number of at least 1, got ${concurrency}`)
  }
  const source = Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]()
  const controller = new AbortController()
  const answers: Answer[] = []
  let failure: { error: unknown } | undefined
  let running = 0
  let isReading = false
  let isExhausted = false
  let wake: (() => void) | undefined
  let graceTimer: NodeJS.Timeout | undefined
  const isStopping = () => isExhausted || failure !== undefined || signal?.aborted === true
  const interrupt = () => {
    graceTimer ??= setTimeout(() => controller.abort(signal?.reason), grace)
    wake?.()
  }

  async function read(): Promise<void> {
    isReading = true
    try {
      const step = await source.next()
      if (step.done) isExhausted = true
      else if (!isStopping()) void start(step.value)
    } catch (error) {
      failure ??= { error }
    }
    isReading = false
    wake?.()
  }

  async function start(item: Item): Promise<void> {
    running += 1
    try {
      const answer = await run(item, controller.signal)
      if (answer !== undefined) answers.push(answer)
    } catch (error) {
      if (!controller.signal.aborted) failure ??= { error }
      // The others may wait long for their turn, only to fail in the same way.
      interrupt()
    }
    running -= 1
    wake?.()
  }

  if (signal?.aborted) interrupt()
  else signal?.addEventListener('abort', interrupt, { once: true })
  try {
    for (;;) {
      const changed = new Promise<void>((resolve) => {
        wake = resolve
      })
      for (let answer = answers.shift(); answer !== undefined; answer = answers.shift()) yield answer
      if (isStopping() && running === 0 && answers.length === 0) break
      if (!isStopping() && !isReading && running < concurrency && !isFull()) void read()
      else await changed
    }
    if (failure) throw failure.error
    signal?.throwIfAborted()
  } finally {
    clearTimeout(graceTimer)
    signal?.removeEventListener('abort', interrupt)
    controller.abort()
    const closed = source.return?.()
    // A source that waits for its next item returns only after that, which may be never, when its errors have no reader.
    if (isReading) Promise.resolve(closed).catch(() => undefined)
    else await closed
  }
}
