import type { Answer, Batch, EventDecoder } from './answer.ts'
import type { BodyReader } from './body.ts'
import { DualscopeError } from '../errors.ts'

// Once the answer is complete, what may still come is waited for this long, in ms. A body that is read to its end leaves
// its connection to the next call.
const settlingTime = 2_000

/** A stream of events whose start has been read: a batch for each read that completes any. */
export function readEvents(
  decoder: EventDecoder,
  body: BodyReader,
): { begin: (start: string) => ReturnType<Answer['next']>; next: Answer['next'] } {
  let over = false
  let settled: number | undefined

  // No async functions: a read of the network costs one promise here.
  function next(): Promise<Batch | undefined> {
    if (over) return Promise.resolve(undefined)
    const text = decoder.settling() ? before((settled ??= performance.now() + settlingTime), body.read()) : body.read()
    return text.then(decode, cut)
  }

  function decode(text: string | undefined): Batch | Promise<Batch | undefined> {
    const batch = decoder.decode(text)
    over = text === undefined || batch.failure !== undefined
    return brings(batch) ? batch : next()
  }

  function cut(error: unknown): Batch | undefined {
    over = true
    const batch = decoder.decode(undefined)
    // After the finish reason an end is an end, however it comes.
    if (!decoder.finished() || !endsEarly(error)) batch.failure = { error }
    return brings(batch) ? batch : undefined
  }

  return { begin: async (start) => decode(start), next }
}

function brings({ chunks, fault, failure }: Batch): boolean {
  return chunks.length > 0 || fault !== undefined || failure !== undefined
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
