import { DualscopeError } from '@dualscope/core'
import type * as Bullmq from 'bullmq'
import type { Redis } from 'ioredis'

/** A connection to Redis, as `store` of `limited`. */
export interface RedisConnection {
  /** The client of ioredis. */
  readonly store: object
  /** Closes the connection. */
  close: () => void
}

/** The name of BullMQ's queue and the beginning of its keys. */
export const queueName = 'batch'
export const queuePrefix = 'dualscope'

/** The optional packages. */
export interface RedisPackages {
  readonly bullmq: typeof Bullmq
  readonly Redis: typeof Redis
}

/** Loads the optional packages. Throws `configuration`, with what to install, if one is missing. */
export async function loadRedisPackages(): Promise<RedisPackages> {
  try {
    const [bullmq, { Redis }] = await Promise.all([import('bullmq'), import('ioredis')])
    return { bullmq, Redis }
  } catch (error) {
    const message = 'Work over Redis needs two more packages: npm install bullmq ioredis'
    throw new DualscopeError('configuration', message, { cause: error })
  }
}

/** Connects to Redis. Throws `configuration` if it does not answer or `ioredis` is missing. */
export async function connectRedis(url: string): Promise<RedisConnection> {
  const store = await openClient(url)
  return { store, close: () => store.disconnect() }
}

/** Opens a client that waits for Redis while it is away, and warns once each time. */
export async function openClient(url: string): Promise<Redis> {
  const packages = await loadRedisPackages()
  if (!/^rediss?:\/\//.test(url))
    throw new DualscopeError('configuration', 'redis: must be a URL such as redis://host:6379')
  const client = new packages.Redis(url, {
    lazyConnect: true,
    maxRetriesPerRequest: null,
    retryStrategy: (attempt) => Math.min(50 * attempt, 1000),
  })
  let failure: Error | undefined
  client.on('error', (error: Error) => {
    failure ??= error
  })
  try {
    await client.connect()
  } catch (error) {
    client.disconnect()
    const { message } = failure ?? (error as Error)
    throw new DualscopeError('configuration', `redis: cannot be reached: ${message}`, { cause: error })
  }
  client.on('close', () => process.emitWarning('The connection to Redis was lost; waiting for it.', 'DualscopeWarning'))
  return client
}
