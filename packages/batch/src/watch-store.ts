import { setTimeout as sleep } from 'node:timers/promises'

/** A change in the store of the limits. */
export interface StoreNotice {
  /** Whether the store is used; otherwise the share in memory is. */
  available: boolean
  /** The reason why the store is away. */
  error?: Error
}

/** Uses a store, or a replacement while the store is away. */
export interface StoreWatch {
  use<T>(store: () => Promise<T>, replacement: () => Promise<T>): Promise<T>
}

/** The longest wait for Redis, in ms. A connection that hangs must not stop the calls. */
const patience = 1000

/** Watches a client of Redis, and reports once when it goes away and once when it is back. */
export function watchStore(client: object, onStore: (notice: StoreNotice) => void): StoreWatch {
  let isAvailable = true
  let connected: Promise<void> | undefined
  let retryAt = 0

  function change(available: boolean, error?: Error): void {
    if (available === isAvailable) return
    isAvailable = available
    onStore({ available, ...(error && { error }) })
  }

  return {
    async use(store, replacement) {
      // A client that was created just now is still connecting.
      connected ??= waitUntilReady(client)
      await connected
      if (performance.now() < retryAt) return replacement()
      try {
        const result = await withPatience(store())
        change(true)
        return result
      } catch (error) {
        // Otherwise each call would wait for a store that hangs.
        retryAt = performance.now() + patience
        change(false, error instanceof Error ? error : new Error(String(error)))
        return replacement()
      }
    },
  }
}

async function waitUntilReady(client: object): Promise<void> {
  const end = performance.now() + patience
  while (!isReady(client) && performance.now() < end) await sleep(10)
}

function isReady(client: object): boolean {
  if ('status' in client) return client.status === 'ready'
  return 'isReady' in client ? client.isReady === true : true
}

async function withPatience<T>(promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`Redis did not answer within ${patience} ms`)), patience)
  })
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}
