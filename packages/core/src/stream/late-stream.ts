import type { LateBatches } from '../engine/batched-stream.ts'
import { DualscopeError } from '../errors.ts'
import type { ToolLoopEvent } from '../event.ts'
import { lateIterator } from './late-iterator.ts'
import { loadStreaming, type Streaming } from './load-streaming.ts'
import { once } from '../once.ts'
import type { ChatResult } from '../result.ts'
import type { EventStream, StreamSource } from './stream.ts'

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
  let stream: EventStream<Event, Result> | undefined
  let result: Promise<Result> | undefined
  let left = false
  let consumed = false
  let prepareLoop: ((ready: EventStream<Event, Result>) => unknown) | undefined

  const openSource = once(async () => {
    const late = await open()
    // Left meanwhile: nothing is sent any more.
    if (!left) late.begin()
    return late.batches()
  })

  const load = once(async () => {
    const streaming = await loadStreaming()
    stream = streaming.createStream({ ...source, accumulator: accumulator(streaming), open: openSource })
    // An open loop gets to see all, also what `result()` takes.
    prepareLoop?.(stream)
    return stream
  })

  function begin(): void {
    // Its failure is told by the stream.
    if (!left) openSource().catch(() => undefined)
  }

  function loop<T>(of: (ready: EventStream<Event, Result>) => AsyncIterable<T>): AsyncIterator<T, unknown> {
    if (consumed) {
      throw new DualscopeError('validation', 'A stream is consumed once; ask for a new one, or use result()')
    }
    consumed = true
    const late = lateIterator(begin, load, (ready) => of(ready)[Symbol.asyncIterator]())
    prepareLoop = late.become
    return {
      next: late.next,
      return() {
        // Whoever waits for the result still wants the rest.
        left ||= result === undefined
        return late.return()
      },
    }
  }

  async function finish(): Promise<Result> {
    consumed = true
    begin()
    return (await load()).result()
  }

  return {
    [Symbol.asyncIterator]: () => loop((ready) => ready),
    text: () => ({ [Symbol.asyncIterator]: () => loop((ready) => ready.text()) }),
    result: () => (result ??= stream?.result() ?? finish()),
    snapshot: () => stream?.snapshot() ?? nothing(),
  }
}
