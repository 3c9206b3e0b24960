/** What waits to be taken, first in, first out. An item that is taken before another comes, as nearly all are, costs no list. */
export interface Queue<T> {
  first: T | undefined
  others: T[]
  taken: number
}

/** Starts empty. */
export function emptyQueue<T>(): Queue<T> {
  return { first: undefined, others: [], taken: 0 }
}

/** Puts an item behind all others. */
export function enqueue<T>(queue: Queue<T>, item: T): void {
  if (queue.first === undefined && queue.others.length === 0) queue.first = item
  else queue.others.push(item)
}

/** Takes the longest waiting item; undefined where none waits. */
export function dequeue<T>(queue: Queue<T>): T | undefined {
  const { first, others } = queue
  if (first !== undefined) {
    queue.first = undefined
    return first
  }
  if (others.length === 0) return undefined
  const item = others[queue.taken]
  queue.taken += 1
  if (queue.taken === others.length) {
    queue.others = []
    queue.taken = 0
  }
  return item
}
