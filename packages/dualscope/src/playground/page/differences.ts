import { diffWordsWithSpace } from 'diff'

import { createElement } from './find.ts'

/** A comparison of two answers. */
export interface Differences {
  /** The number of words that only one of them has. */
  words: number
  /** The texts, in which the words that only one has are marked. */
  left: Node[]
  right: Node[]
}

/** Compares two texts by words. Returns undefined if they differ too much. */
export function compareTexts(left: string, right: string): Differences | undefined {
  const changes = diffWordsWithSpace(left, right, { maxEditLength: 5000, timeout: 500 })
  if (!changes) return undefined
  const differences: Differences = { words: 0, left: [], right: [] }
  for (const { added, removed, value } of changes) {
    if (added || removed) {
      differences.words += value.match(/[\p{L}\p{N}]+/gu)?.length ?? 0
      differences[added ? 'right' : 'left'].push(createElement('mark', value))
    } else {
      differences.left.push(document.createTextNode(value))
      differences.right.push(document.createTextNode(value))
    }
  }
  return differences
}
