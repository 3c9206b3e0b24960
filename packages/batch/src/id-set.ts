import { createHash } from 'node:crypto'

/** A set of ids that keeps 64 bits of each, so that ten million of any length take about 200 MB. */
export interface IdSet {
  readonly size: number
  /** Adds an id. Returns whether it is new. */
  add(id: string): boolean
  has(id: string): boolean
}

/** Creates an empty set. Two of ten million ids share their 64 bits with a probability of 3 in a million. */
export function createIdSet(): IdSet {
  // Open addressing: two words for each place, both 0 where it is free.
  let words = new Uint32Array(2048)
  let size = 0

  /** Returns the index of an id, or of the free place for it. */
  function findPlace(high: number, low: number): number {
    const mask = words.length / 2 - 1
    for (let place = low & mask; ; place = (place + 1) & mask) {
      const index = place * 2
      const isFree = words[index] === 0 && words[index + 1] === 0
      if (isFree || (words[index] === high && words[index + 1] === low)) return index
    }
  }

  function insert(high: number, low: number): boolean {
    const index = findPlace(high, low)
    if (words[index] !== 0 || words[index + 1] !== 0) return false
    words[index] = high
    words[index + 1] = low
    return true
  }

  function grow(): void {
    const old = words
    words = new Uint32Array(old.length * 2)
    for (let index = 0; index < old.length; index += 2) {
      const high = old[index] ?? 0
      const low = old[index + 1] ?? 0
      if (high !== 0 || low !== 0) insert(high, low)
    }
  }

  return {
    get size() {
      return size
    },
    add(id) {
      const [high, low] = hash(id)
      if (!insert(high, low)) return false
      size += 1
      if (size * 4 > words.length) grow()
      return true
    },
    has(id) {
      const [high, low] = hash(id)
      return words[findPlace(high, low)] !== 0
    },
  }
}

/** Never returns a high word of 0, which marks a free place. */
function hash(id: string): readonly [high: number, low: number] {
  // UTF-8 would turn halves of surrogate pairs into one character.
  const digest = createHash('sha1').update(id, 'utf16le').digest()
  return [digest.readUInt32LE(0) || 1, digest.readUInt32LE(4)]
}
