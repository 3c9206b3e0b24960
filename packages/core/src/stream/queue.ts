/** What waits to be taken, first in, first out. */
export interface Queue<T> {
  push: (item: T) => void
  /** The longest waiting item; undefined where none waits. */
  shift: () => T | undefined
}

/** Starts empty. An item that is taken before another comes, as nearly all events are, costs no list. */
export function createQueue<T extends object>(): Queue<T> {
  let first: T | undefined
  let others: T[] = []
  let taken = 0

  return {
    push(item) {
      if (first === undefined && others.length === 0) first = item
      else others.push(item)
    },
    shift() {
      if (first !== undefined) {
        const item = first
        first = undefined
        return item
      }
      if (others.length === 0) return undefined
      const item = others[taken]
      taken += 1
      if (taken === others.length) {
        others = []
        taken = 0
      }
      return item
    },
  }
}
