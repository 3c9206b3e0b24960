import type { Batch, EventReader } from '../transport/answer.ts'
import type { BodyReader } from '../http/body.ts'
import type { Codec } from '../codec.ts'
import { createEventDecoder } from './decode-events.ts'
import { DualscopeError } from '../errors.ts'

// Once the answer is complete, what may still come is waited for this long, in ms. A body that is read to its end leaves
// its connection to the next call.
const settlingTime = 2_000

/** Prepares to read one stream of events, whose body comes later: a batch for each read of the network that completes any. */
export function createEventReader(codec: Codec): (body: BodyReader) => EventReader {
  const decoder = createEventDecoder(codec)
  let over = false
  let settled: number | undefined

  function decoded(text: string | undefined): Batch {
    const batch = decoder.decode(text)
    over = text === undefined || batch.failure !== undefined
    return batch
  }

  return (body) => {
    function reads<R>(take: (batch: Batch | undefined) => R | Promise<R>): () => Promise<R> {
      const read = body.reads(decode, cut)

      function next(): Promise<R> {
        if (over) return Promise.resolve(take(undefined))
        if (!decoder.settling) return read()
        return before((settled ??= performance.now() + settlingTime), body.read()).then(decode, cut)
      }

      function decode(text: string | undefined): R | Promise<R> {
        const batch = decoded(text)
        return brings(batch) ? take(batch) : next()
      }

      function cut(error: unknown): R | Promise<R> {
        const batch = decoded(undefined)
        // After the finish reason an end is an end, however it comes.
        if (!decoder.finished || !endsEarly(error)) batch.failure = { error }
        return take(brings(batch) ? batch : undefined)
      }

      return next
    }

    function begin(start: string): Batch | Promise<Batch | undefined> {
      const batch = decoded(start)
      return brings(batch) ? batch : reads((later) => later)()
    }

    return { begin, reads }
  }
}

function brings({ chunks, refusal, failure }: Batch): boolean {
  return chunks.length > 0 || refusal !== undefined || failure !== undefined
}

function endsEarly(error: unknown): boolean {
  return error instanceof DualscopeError && (error.code === 'incomplete' || error.code === 'timeout')
}

/** What a promise gives before a moment of `performance.now()`, else undefined. */
async function before<T>(moment: number, promise: Promise<T>): Promise<T | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, moment - performance.now(), undefined)
  })
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}
