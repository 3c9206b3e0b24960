import { fieldsOf } from '../fields.ts'
import { protocolOf, type Recording } from './recording.ts'
import { canonicalJson, shapeOf } from './shape.ts'

/** The request that a recording is looked up for, with its body redacted as in a recording. */
interface Wanted {
  path: string
  stream: boolean
  body: unknown
}

/** Recordings by their requests. */
export interface RecordingIndex {
  /** Returns a recording of the same request, or else of the same path, model and shape. Several take turns; the last repeats. */
  find: (wanted: Wanted) => Recording | undefined
  reset: () => void
}

/** Whether a recorded request wants a stream: by its body over the compatible protocol, by its headers over the native one. */
function isStream(recording: Recording): boolean {
  const { headers, body } = recording.request
  if (protocolOf(recording) === 'compatible') return fieldsOf(body)['stream'] === true
  return headers['x-dashscope-sse'] === 'enable' || (headers['accept'] ?? '').includes('text/event-stream')
}

function exactKey({ path, stream, body }: Wanted): string {
  return canonicalJson([path, stream, body])
}

function shapeKey({ path, stream, body }: Wanted): string {
  return canonicalJson([path, stream, fieldsOf(body)['model'], shapeOf(body)])
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
