import { DualscopeError } from '../errors.ts'

// Comparing all of a text for every frame would take time that grows with the square of the answer.
const overlap = 16

/**
 * Returns what a cumulative text adds to the text before it, or nothing if it is not longer. Throws `protocol` if it does
 * not continue the text before it, as far as its last 16 characters show.
 */
export function newSuffix(before: string, now: string): string {
  const { length } = before
  if (now.length <= length) return ''
  const start = Math.max(0, length - overlap)
  if (now.slice(start, length) !== before.slice(start)) {
    throw new DualscopeError('protocol', 'A cumulative frame does not continue the one before it')
  }
  return now.slice(length)
}
