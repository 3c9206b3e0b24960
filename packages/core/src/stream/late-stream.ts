import type { LateBatches } from '../engine/batched-stream.ts'
import { DualscopeError } from '../errors.ts'
import type { ToolLoopEvent } from '../chat/event.ts'
import { lateIterator } from './late-iterator.ts'
import { loadStreaming, type Streaming } from './load-streaming.ts'
import { once } from '../once.ts'
import type { ChatResult } from '../chat/result.ts'
import type { EventStream, StreamSource } from './chat-stream.ts'

/** What a stream is made of. */
export interface LateSource<Chunk, Event, Result> extends Pick<
  StreamSource<Chunk, Event, Result>,
  'signal' | 'complete'
> {
  /** Called on the first pull. */
  open: () => Promise<LateBatches<Chunk>>
  accumulator: (streaming: Streaming) => StreamSource<Chunk, Event, Result>['accumulator']
  /** What has come before anything has. */
  nothing: () => ChatResult
}

/** Makes a stream of a source. What streams are made with is loaded with the first pull, while the source is opened. */
export function lateStream<Chunk, Event extends ToolLoopEvent, Result>({
  open,
  accumulator,
  nothing,
  ...source
}: LateSource<Chunk, Event, Result>): EventStream<Event, Result> {
  const { signal } = source
  let stream: EventStream<Event, Result> | undefined
  let late: LateBatches<Chunk> | undefined
  let result: Promise<Result> | undefined
  let consumed = false
  // The loop was left and nobody waits for the result, or there will be no stream.
  let left = false
  let prepareLoop: ((ready: EventStream<Event, Result>) => unknown) | undefined

  const openSource = once(async () => {
    late = await open()
    if (!left && !signal?.aborted) late.begin()
    return late.batches()
  })

  // Those who wait for this promise go on in their order, and nobody comes between them and what `prepare` does.
  const load = once(() => {
    const loading = loadStreaming().then((streaming) =>
      streaming.createStream({ ...source, accumulator: accumulator(streaming), open: openSource }),
    )
    loading.then(prepare, giveUp)
    return loading
  })

  function prepare(ready: EventStream<Event, Result>): void {
    stream = ready
    if (signal?.aborted) stop()
    // Before the loop, which may have been left meanwhile.
    if (result && !left) void ready.result()
    // An open loop gets to see all, also what `result()` takes.
    prepareLoop?.(ready)
  }

  function begin(): void {
    // Its failure is told by the stream.
    if (!left && !signal?.aborted) openSource().catch(() => undefined)
  }

  function stop(): void {
    void late?.close()
  }

  function giveUp(): void {
    left = true
    stop()
  }

  function closeLoop(): void {
    // Whoever waits for the result still wants the rest.
    if (result) return
    left = true
    // A stream closes what it reads itself.
    if (!stream) stop()
  }

  function loop<T>(of: (ready: EventStream<Event, Result>) => AsyncIterable<T>): AsyncIterator<T, unknown> {
    if (consumed) {
      throw new DualscopeError('validation', 'A stream is consumed once; ask for a new one, or use result()')
    }
    consumed = true
    const {
      next,
      return: leave,
      become,
    } = lateIterator({ begin, load, close: closeLoop }, (ready) => of(ready)[Symbol.asyncIterator]())
    prepareLoop = become
    return { next, return: leave }
  }

  async function finish(): Promise<Result> {
    consumed = true
    begin()
    const ready = await load()
    return ready.result()
  }

  return {
    [Symbol.asyncIterator]: () => loop((ready) => ready),
    text: () => ({ [Symbol.asyncIterator]: () => loop((ready) => ready.text()) }),
    result: () => (result ??= stream?.result() ?? finish()),
    snapshot: () => stream?.snapshot() ?? nothing(),
  }
}
