import { anySignal } from '../async/abort.ts'
import type { ChatEvent, ToolLoopEvent } from '../chat/event.ts'
import type { ChatResult } from '../chat/result.ts'
import { DualscopeError } from '../errors.ts'

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
export interface ChatStream<Output = undefined> extends ResultStream<ChatEvent, ChatResult<Output>> {}

/** The common interface of a streamed answer and of a loop over several answers. */
export interface ResultStream<Event, Result> extends AsyncIterable<Event>, AsyncDisposable {
  /** Only the answer's text. A delta never ends within a character. */
  text(): AsyncIterable<string>
  /**
   * Reads the rest of the stream, which an open loop still sees, and resolves with the result. Rejects with the error of the
   * stream, or with `incomplete` after its loop was left.
   */
  result(): Promise<Result>
  /** Returns what has arrived so far, also after an error or an abort. */
  snapshot(): ChatResult
}

/** The parts of a stream. */
export interface StreamSource<Chunk, Event, Result> {
  /** Makes events from chunks, and knows what has arrived so far. */
  accumulator: {
    push(chunk: Chunk, emit: (event: Event) => void): void
    finish(emit: (event: Event) => void): void
    result(): ChatResult
  }
  /** Opens the source with the first pull. The signal aborts with the caller's, and when the stream is left. */
  open: (signal: AbortSignal) => AsyncIterable<readonly Chunk[]>
  /** The caller's signal. Once it aborts, no further event comes out. */
  signal?: AbortSignal | undefined
  /** Makes the result of the whole answer. What it throws is an error of the stream. */
  complete: (result: ChatResult) => Promise<Result>
}

/**
 * Creates a stream over a source of batches. Its iterator is written by hand, because a generator's `return()` waits for the
 * pending `next()`: this one aborts first and does not wait.
 */
export function createChatStream<Chunk, Event extends ToolLoopEvent, Result>({
  accumulator,
  open,
  signal,
  complete,
}: StreamSource<Chunk, Event, Result>): ResultStream<Event, Result> {
  const controller = new AbortController()
  let source: AsyncIterator<readonly Chunk[]> | undefined
  let batch: readonly Chunk[] = []
  let position = 0
  let reading: Promise<void> | undefined
  let begun = false
  let ended = false
  let failure: { error: unknown } | undefined
  let result: Promise<Result> | undefined
  let consumed = false
  // Events that the open loop has not seen yet; without a loop they are not kept.
  let unseen: Event[] | undefined
  let seen = 0
  // Calls of `next` that wait for the network are served in their order.
  let waiting = 0
  let lastTurn: Promise<unknown> = Promise.resolve()

  function emit(event: Event): void {
    unseen?.push(event)
  }

  function fail(error: unknown): void {
    // The reader has left, so there is no one to report this to.
    if (ended) return
    ended = true
    if (begun && error instanceof DualscopeError) error.partial ??= accumulator.result()
    failure = { error }
  }

  /** Reads the next batch, once for a loop and `result()` together. Never rejects. */
  function read(): Promise<void> {
    reading ??= readBatch()
    return reading
  }

  async function readBatch(): Promise<void> {
    try {
      signal?.throwIfAborted()
      source ??= open(anySignal(signal, controller.signal))[Symbol.asyncIterator]()
      const step = await source.next()
      if (ended) return
      if (step.done) {
        accumulator.finish(emit)
        ended = true
      } else {
        batch = step.value
        position = 0
      }
    } catch (error) {
      fail(error)
    } finally {
      reading = undefined
    }
  }

  /** Takes the next chunk of the batch. Returns false if the network must be read. */
  function takeChunk(): boolean {
    const aborted = signal?.aborted ?? false
    if (position === batch.length && !aborted) return false
    try {
      signal?.throwIfAborted()
      const chunk = batch[position] as Chunk
      position += 1
      begun = true
      accumulator.push(chunk, emit)
    } catch (error) {
      fail(error)
      void close()
    }
    return true
  }

  /** Closes the source. A pull in flight is aborted and not waited for. Never rejects. */
  async function close(): Promise<void> {
    const pulling = reading !== undefined
    controller.abort()
    try {
      const closing = source?.return?.()
      if (!pulling) await closing
      else if (closing) Promise.resolve(closing).catch(ignore)
    } catch {
      // The reader has gone, so there is no one to report this to.
    }
  }

  /** Returns the next event, or undefined if the network must be read. */
  function nextBuffered(): IteratorResult<Event, undefined> | undefined {
    while (unseen !== undefined) {
      const event = unseen[seen]
      if (event !== undefined) {
        seen += 1
        return { done: false, value: event }
      }
      unseen.length = 0
      seen = 0
      if (ended) {
        unseen = undefined
        if (failure) throw failure.error
      } else if (!takeChunk()) return undefined
    }
    return { done: true, value: undefined }
  }

  // Not async: an event at hand costs one promise.
  function next(): Promise<IteratorResult<Event, undefined>> {
    if (waiting === 0) {
      try {
        const step = nextBuffered()
        if (step) return Promise.resolve(step)
      } catch (error) {
        return Promise.reject(error)
      }
    }
    const turn = waiting === 0 ? waitForEvent() : lastTurn.then(waitForEvent)
    waiting += 1
    const leaveQueue = () => {
      waiting -= 1
    }
    lastTurn = turn.then(leaveQueue, leaveQueue)
    return turn
  }

  async function waitForEvent(): Promise<IteratorResult<Event, undefined>> {
    for (;;) {
      const step = nextBuffered()
      if (step) return step
      await read()
    }
  }

  async function leave(): Promise<IteratorResult<Event, undefined>> {
    unseen = undefined
    // A caller that waits for the result still wants the rest.
    if (!ended && !result) {
      fail(new DualscopeError('incomplete', 'The loop over the stream was left before the answer was complete'))
      await close()
    }
    return { done: true, value: undefined }
  }

  function events(): AsyncIterator<Event, undefined> {
    if (consumed) {
      throw new DualscopeError('validation', 'A stream can be consumed once; start a new one, or use result()')
    }
    consumed = true
    unseen = []
    return { next, return: leave }
  }

  async function drain(): Promise<Result> {
    consumed = true
    while (!ended) if (!takeChunk()) await read()
    if (failure) throw failure.error
    return complete(accumulator.result())
  }

  return {
    [Symbol.asyncIterator]: events,
    text: () => ({ [Symbol.asyncIterator]: () => textOf(events()) }),
    result: () => (result ??= drain()),
    snapshot: () => accumulator.result(),
    async [Symbol.asyncDispose]() {
      if (ended) return
      fail(new DualscopeError('incomplete', 'The stream was disposed before the answer was complete'))
      await close()
    },
  }
}

function ignore(): void {}

/** Reads the text deltas of a stream. Not a generator, which would make leaving wait for the pull in flight. */
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
