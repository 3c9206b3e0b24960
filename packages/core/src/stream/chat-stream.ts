import type { Batches } from '../engine/batches.ts'
import { DualscopeError } from '../errors.ts'
import type { ChatEvent, ToolLoopEvent } from '../chat/event.ts'
import { enqueue, emptyQueue, dequeue, type Queue } from './queue.ts'
import type { ChatResult } from '../chat/result.ts'

/**
 * A streamed answer. It is consumed once, by a loop over its events or over `text()`; leaving the loop closes the
 * connection. Nothing is sent before the first pull.
 *
 * @example
 * ```ts
 * const stream = client.stream('Who are you?')
 * for await (const event of stream) if (event.type === 'text-delta') process.stdout.write(event.delta)
 * const { usage } = await stream.result()
 * ```
 */
export interface ChatStream<Output = undefined> extends EventStream<ChatEvent, ChatResult<Output>> {}

/** What streams have in common, of one answer or of several. */
export interface EventStream<Event, Result> extends AsyncIterable<Event> {
  /** Only the answer's text. */
  text(): AsyncIterable<string>
  /**
   * The whole answer: it takes what is left of the stream, which an open loop still gets to see. After a failure it
   * rejects with that same error; after a loop that was left, with `incomplete`.
   */
  result(): Promise<Result>
  /** What has come so far, at any moment, also after a failure or an abort. */
  snapshot(): ChatResult
}

/** What a stream is made of. */
export interface StreamSource<Chunk, Event, Result> {
  /** Makes events of chunks, and knows what has come so far. */
  accumulator: {
    push(chunk: Chunk, emit: (event: Event) => void): void
    finish(emit: (event: Event) => void): void
    result(): ChatResult
  }
  /** Called on the first pull. */
  open: () => Promise<Batches<Chunk>>
  /** Once it aborts, nothing more comes out, not even what is at hand. */
  signal?: AbortSignal | undefined
  /** Makes the result of the whole answer; what it throws is a failure of the stream. */
  complete: (result: ChatResult) => Promise<Result>
}

/** Makes a stream of a source, for one loop at the most. */
export function createStream<Chunk, Event extends ToolLoopEvent, Result>({
  accumulator,
  open,
  signal,
  complete,
}: StreamSource<Chunk, Event, Result>): EventStream<Event, Result> {
  let batches: Batches<Chunk> | undefined
  let readBatch: (() => Promise<void>) | undefined
  let batch: readonly Chunk[] = []
  let position = 0
  let pulling: Promise<void> | undefined
  let result: Promise<Result> | undefined
  let over = false
  let failure: { error: unknown } | undefined
  let begun = false
  // Steps that wait for the network, and the last of them.
  let waiting = 0
  let lastStep: Promise<unknown> = Promise.resolve()
  // What an open loop has not seen yet; without one, events are not kept.
  let queue: Queue<Event> | undefined

  let emit: (event: Event) => void = ignore

  function end(error?: unknown): void {
    // What a pull in flight meets after the stream was left is no news.
    if (over) return
    over = true
    if (error === undefined) return
    if (begun && error instanceof DualscopeError) error.partial ??= accumulator.result()
    failure = { error }
  }

  /** Takes the next chunk at hand; false where the network must be waited for. */
  function advance(): boolean {
    if (position === batch.length && !signal?.aborted) return false
    try {
      signal?.throwIfAborted()
      begun = true
      position += 1
      accumulator.push(batch[position - 1] as Chunk, emit)
    } catch (error) {
      end(error)
      void close()
    }
    return true
  }

  async function firstPull(): Promise<void> {
    try {
      batches = await open()
    } catch (error) {
      return broke(error)
    }
    // Left meanwhile.
    if (over) return batches.close()
    readBatch = batches.reads({ take, end: finish, fail: broke })
    return readBatch()
  }

  /** Waits for the next batch; a loop and `result()` may both do so. It never rejects. */
  function pull(): Promise<void> {
    pulling ??= readBatch ? readBatch() : firstPull()
    return pulling
  }

  function take(items: readonly Chunk[]): void {
    pulling = undefined
    if (over) return
    batch = items
    position = 0
  }

  function finish(): void {
    pulling = undefined
    if (over) return
    try {
      accumulator.finish(emit)
      end()
    } catch (error) {
      end(error)
    }
  }

  function broke(error: unknown): void {
    pulling = undefined
    end(error)
  }

  async function close(): Promise<void> {
    await batches?.close()
  }

  /** The next event; undefined where the network must be waited for. */
  function atHand(): IteratorResult<Event, undefined> | undefined {
    while (queue !== undefined) {
      const event = dequeue(queue)
      if (event !== undefined) return { done: false, value: event }
      if (over) {
        queue = undefined
        emit = ignore
        if (failure) throw failure.error
      } else if (!advance()) return undefined
    }
    return { done: true, value: undefined }
  }

  // No async functions: an event at hand costs one promise, and a read of the network few.
  function nextEvent(): Promise<IteratorResult<Event, undefined>> {
    // Behind those who wait already.
    if (waiting > 0) return wait()
    try {
      const step = atHand()
      return step ? Promise.resolve(step) : wait()
    } catch (error) {
      return Promise.reject(error)
    }
  }

  function wait(): Promise<IteratorResult<Event, undefined>> {
    const before = waiting > 0 ? lastStep : pull()
    waiting += 1
    const step = before.then(goOn, goOn)
    lastStep = step
    return step
  }

  function goOn(): IteratorResult<Event, undefined> | Promise<IteratorResult<Event, undefined>> {
    try {
      const step = atHand()
      if (!step) return pull().then(goOn)
      waiting -= 1
      return step
    } catch (error) {
      waiting -= 1
      throw error
    }
  }

  async function leave(): Promise<IteratorResult<Event, undefined>> {
    queue = undefined
    emit = ignore
    // Whoever waits for the result still wants the rest.
    if (!over && !result) {
      end(new DualscopeError('incomplete', 'The loop over the stream was left before the answer was complete'))
      await close()
    }
    return { done: true, value: undefined }
  }

  function events(): AsyncIterator<Event, undefined> {
    const unseen = emptyQueue<Event>()
    queue = unseen
    emit = (event) => enqueue(unseen, event)
    return { next: nextEvent, return: leave }
  }

  async function drain(): Promise<Result> {
    while (!over) if (!advance()) await pull()
    if (failure) throw failure.error
    return complete(accumulator.result())
  }

  return {
    [Symbol.asyncIterator]: events,
    text: () => ({ [Symbol.asyncIterator]: () => textOf(events()) }),
    result: () => (result ??= drain()),
    snapshot: () => accumulator.result(),
  }
}

function ignore(): void {}

// No generator: that would make leaving wait for the pull in flight.
function textOf(events: AsyncIterator<ToolLoopEvent, undefined>): AsyncIterator<string, undefined> {
  return {
    async next() {
      for (;;) {
        const step = await events.next()
        if (step.done) return { done: true, value: undefined }
        if (step.value.type === 'text-delta') return { done: false, value: step.value.delta }
      }
    },
    async return() {
      await events.return?.()
      return { done: true, value: undefined }
    },
  }
}
