import * as z from 'zod/mini'

import { optionsSchema } from '../check-options.ts'
import { fieldsOf } from '../fields.ts'
import { readFrame } from './frames.ts'

/**
 * A place in an answer, right after a number of deltas of any kind (0 is before the first byte), of deltas of one kind, or of
 * bytes, or after the finish reason. A delta is a frame with text, reasoning or a piece of a tool call, over either protocol;
 * a frame that only names the role does not count. In a whole answer every place but bytes is its middle.
 */
export type Place =
  | number
  | 'finish'
  | { text: number }
  | { reasoning: number }
  | { toolCall: number }
  | { bytes: number }

const words =
  "a number of deltas, 'finish', or one of { text }, { reasoning }, { toolCall }, { bytes } with a whole number"

function whole(least: number) {
  return z.int(words).check(z.gte(least, words))
}

/** The forms of a place. */
export const placeSchema = z.union(
  [
    whole(0),
    z.literal('finish'),
    optionsSchema({ text: whole(1) }),
    optionsSchema({ reasoning: whole(1) }),
    optionsSchema({ toolCall: whole(1) }),
    optionsSchema({ bytes: whole(1) }),
  ],
  words,
)

type Kind = 'text' | 'reasoning' | 'toolCall' | 'finish'

function first(value: unknown): unknown {
  return Array.isArray(value) ? value[0] : undefined
}

function isFilled(value: unknown): boolean {
  return Array.isArray(value) ? value.some((part) => isFilled(fieldsOf(part)['text'] ?? part)) : Boolean(value)
}

/** Returns the kinds of delta in a frame, read from its bytes. A frame that is not JSON counts as text. */
export function kindsOf(frame: Uint8Array): Kind[] {
  const { text, values } = readFrame(frame)
  return text === '[DONE]' ? [] : values.flatMap((value) => (value === undefined ? ['text'] : kindsIn(value)))
}

function kindsIn(body: unknown): Kind[] {
  const output = fieldsOf(fieldsOf(body)['output'])
  const choice = fieldsOf(first(output['choices'] ?? fieldsOf(body)['choices']))
  const message = fieldsOf(choice['delta'] ?? choice['message'])
  const reason = choice['finish_reason'] ?? output['finish_reason']
  const kinds: Kind[] = []
  if (isFilled(message['content'] ?? output['text'])) kinds.push('text')
  if (isFilled(message['reasoning_content'])) kinds.push('reasoning')
  if (Array.isArray(message['tool_calls']) && message['tool_calls'].length > 0) kinds.push('toolCall')
  if (reason != null && reason !== 'null') kinds.push('finish')
  return kinds
}

/** Creates a function that takes each frame in turn, and returns whether the place comes right after it. */
export function countTo(place: Exclude<Place, { bytes: number }>): (frame: Uint8Array) => boolean {
  const [kind, count] = typeof place === 'object' ? (Object.entries(place)[0] ?? ['', 0]) : [place, place]
  let seen = 0
  return (frame) => {
    const kinds = kindsOf(frame)
    if (place === 'finish') return kinds.includes('finish')
    const counts =
      typeof kind === 'number' ? kinds.some((each) => each !== 'finish') : kinds.some((each) => each === kind)
    if (!counts) return false
    seen += 1
    return seen === count
  }
}

/** Returns the frames up to a place, or undefined if they end before it. */
export function framesUntil<T extends Uint8Array>(frames: readonly T[], place: Place): T[] | undefined {
  if (place === 0) return []
  if (typeof place === 'object' && 'bytes' in place) {
    let left = place.bytes
    const end = frames.findIndex((frame) => (left -= frame.length) <= 0)
    return end === -1 ? undefined : frames.slice(0, end + 1)
  }
  const isReached = countTo(place)
  const end = frames.findIndex(isReached)
  return end === -1 ? undefined : frames.slice(0, end + 1)
}
