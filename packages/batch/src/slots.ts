import { DualscopeError } from '@dualscope/core'

/** A limited number of places, which are assigned in the order of the waiting calls. */
export interface Slots {
  /** Waits for a place, and returns the function that frees it. Throws `rate-limit` at once if too many wait already. */
  enter(signal: AbortSignal): Promise<() => void>
}

/** Creates `count` places with a queue of at most `maxQueue` waiting calls. */
export function createSlots(count: number, maxQueue: number): Slots {
  const waiting = new Set<() => void>()
  // One iterator is kept, because a new one would step over every removed entry.
  let queue = waiting.values()
  let free = count

  function nextWaiting(): (() => void) | undefined {
    const { value } = queue.next()
    if (value) return value
    queue = waiting.values()
    return queue.next().value
  }

  /** Creates a function that frees a place; further calls have no effect. */
  function createLeave(): () => void {
    let isInside = true
    return () => {
      if (!isInside) return
      isInside = false
      const next = nextWaiting()
      if (next) next()
      else free += 1
    }
  }

  return {
    async enter(signal) {
      signal.throwIfAborted()
      if (free > 0) {
        free -= 1
        return createLeave()
      }
      if (waiting.size >= maxQueue) {
        throw new DualscopeError('rate-limit', `${waiting.size} calls wait already (maxQueue); start fewer at once`)
      }
      await new Promise<void>((resolve, reject) => {
        const take = () => {
          waiting.delete(take)
          signal.removeEventListener('abort', stop)
          resolve()
        }
        const stop = () => {
          waiting.delete(take)
          reject(signal.reason as Error)
        }
        waiting.add(take)
        signal.addEventListener('abort', stop, { once: true })
      })
      return createLeave()
    },
  }
}
