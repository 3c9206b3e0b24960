import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible'

import { chooseWindow } from './limit-window.ts'
import type { StoreWatch } from './watch-store.ts'

/** A counter of points per minute, shared by all that use the same store and key. */
export interface SharedCounter {
  /** Takes up to `points`. Returns the number of points taken, and the ms to wait for more. */
  take(key: string, points: number): Promise<{ taken: number; wait: number }>
  /** Blocks all takers for a time in ms, rounded up to seconds. */
  block(key: string, milliseconds: number): Promise<void>
}

/** Options of a counter. */
export interface CounterOptions {
  name: string
  perMinute: number
  /** An ioredis or node-redis client, watched; memory if absent. */
  shared?: { store: object; watch: StoreWatch } | undefined
  /** The part of the limit to use while the store is away. */
  fallbackShare: number
}

type Limiter = RateLimiterMemory | RateLimiterRedis

/** Creates a counter. While the store is away it counts a share of the limit in memory, and it returns to the store by itself. */
export function createCounter({ name, perMinute, shared, fallbackShare }: CounterOptions): SharedCounter {
  if (!shared) return countWith(createMemoryLimiter(name, perMinute))
  const { store, watch } = shared
  const redis = countWith(createRedisLimiter(name, perMinute, store))
  const memory = countWith(createMemoryLimiter(name, perMinute * fallbackShare))
  return {
    take: (key, points) =>
      watch.use(
        () => redis.take(key, points),
        () => memory.take(key, points),
      ),
    block: (key, milliseconds) =>
      watch.use(
        () => redis.block(key, milliseconds),
        () => memory.block(key, milliseconds),
      ),
  }
}

function createMemoryLimiter(name: string, perMinute: number): Limiter {
  const { points, seconds } = chooseWindow(perMinute)
  return new RateLimiterMemory({ keyPrefix: name, points, duration: seconds })
}

function createRedisLimiter(name: string, perMinute: number, store: object): Limiter {
  const { points, seconds } = chooseWindow(perMinute)
  return new RateLimiterRedis({
    storeClient: store,
    // Of the two clients only ioredis defines commands.
    useRedisPackage: !('defineCommand' in store),
    rejectIfRedisNotReady: true,
    keyPrefix: name,
    points,
    duration: seconds,
  })
}

function countWith(limiter: Limiter): SharedCounter {
  return {
    async take(key, points) {
      try {
        await limiter.consume(key, points)
        return { taken: points, wait: 0 }
      } catch (error) {
        if (!(error instanceof RateLimiterRes)) throw error
        // A refused call empties the window, so its remaining points belong to this call.
        const taken = Math.max(0, limiter.points - (error.consumedPoints - points))
        return { taken, wait: Math.max(1, error.msBeforeNext) }
      }
    },
    async block(key, milliseconds) {
      const seconds = Math.max(1, Math.ceil(milliseconds / 1000))
      const current = await limiter.get(key)
      // A shorter block must not end a longer one.
      if (current && current.remainingPoints === 0 && current.msBeforeNext > seconds * 1000) return
      await limiter.block(key, seconds)
    },
  }
}
