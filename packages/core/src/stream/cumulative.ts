import { DualscopeError } from '../errors.ts'

const seam = 16

/**
 * What a cumulative text adds to what was there: nothing where it is no longer. Only the seam is compared, since
 * comparing all of it for every frame would take time that grows with the square of the answer.
 */
export function continuation(before: string, now: string): string {
  const { length } = before
  if (now.length <= length) return ''
  const start = Math.max(0, length - seam)
  if (now.slice(start, length) !== before.slice(start)) {
    throw new DualscopeError('protocol', 'A cumulative frame does not go on from the one before it')
  }
  return now.slice(length)
}
