import { cutFrames, readFrame } from '../faults/frames.ts'
import { kindsOf } from '../faults/place.ts'
import { type Recording, textOfRecording } from './recording.ts'
import { addShape } from './shape.ts'

/** Describes a response without its texts: one line for each fact that a client may depend on. */
function describe(recording: Recording): Set<string> {
  const { status, headers } = recording.response
  const lines = new Set([`status: ${status}`])
  // The ids and times in other headers change with each call.
  for (const name of Object.keys(headers)) lines.add(`header: ${name}`)
  lines.add(`content-type: ${headers['content-type'] ?? 'none'}`)
  const order: string[] = []
  for (const bytes of cutFrames(new TextEncoder().encode(textOfRecording(recording)))) {
    const { event, values } = readFrame(bytes)
    if (event !== '') lines.add(`event: ${event}`)
    for (const value of values) if (value !== undefined) addShape(value, lines)
    for (const kind of kindsOf(bytes)) if (order.at(-1) !== kind) order.push(kind)
  }
  lines.add(`order: ${order.join(', ')}`)
  // The value as a whole has no name.
  lines.delete(': object')
  return lines
}

/**
 * Compares two answers to the same request by their shape: status, headers, names of events, keys, types, codes and the order of
 * kinds; never texts, counts or ids. Returns a line for each difference: `-` for a removed fact, `+` for an added one.
 */
export function compareRecordings(before: Recording, after: Recording): string[] {
  const old = describe(before)
  const now = describe(after)
  const gone = [...old].filter((line) => !now.has(line)).map((line) => `- ${line}`)
  const added = [...now].filter((line) => !old.has(line)).map((line) => `+ ${line}`)
  return [...gone, ...added]
}
