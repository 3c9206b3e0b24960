import type { Recording } from './recording.ts'
import { canonicalJson, shapeOf } from './shape.ts'

/** A request to find a recording for: its path, and its body as recordings keep it. */
interface Wanted {
  path: string
  stream: boolean
  body: unknown
}

/** Recordings by their requests. */
export interface RecordingIndex {
  /** Returns a recording of the same request, else one of the same path, model and shape. Several take turns; the last one repeats. */
  find: (wanted: Wanted) => Recording | undefined
  reset: () => void
}

function isStream({ request }: Recording): boolean {
  const { headers, body } = request
  const inBody = typeof body === 'object' && body !== null && 'stream' in body && body.stream === true
  return inBody || headers['x-dashscope-sse'] === 'enable' || (headers['accept'] ?? '').includes('text/event-stream')
}

function modelOf(body: unknown): unknown {
  return typeof body === 'object' && body !== null && 'model' in body ? body.model : undefined
}

function exactKey({ path, stream, body }: Wanted): string {
  return canonicalJson([path, stream, body])
}

function shapeKey({ path, stream, body }: Wanted): string {
  return canonicalJson([path, stream, modelOf(body), shapeOf(body)])
}

/** Creates an index; recordings of the same request are in the order of the list. */
export function indexRecordings(recordings: readonly Recording[]): RecordingIndex {
  const usable = recordings.filter(({ response }) => response.end !== 'omitted')
  const group = (key: (wanted: Wanted) => string) =>
    Map.groupBy(usable, (recording) => {
      const { path, body } = recording.request
      return key({ path, stream: isStream(recording), body })
    })
  const lists = [
    [exactKey, group(exactKey)],
    [shapeKey, group(shapeKey)],
  ] as const
  const played = new Map<string, number>()
  return {
    find: (wanted) => {
      for (const [keyOf, groups] of lists) {
        const key = keyOf(wanted)
        const found = groups.get(key)
        if (!found) continue
        const turn = played.get(key) ?? 0
        played.set(key, turn + 1)
        return found[Math.min(turn, found.length - 1)]
      }
      return undefined
    },
    reset: () => played.clear(),
  }
}
