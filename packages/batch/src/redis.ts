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

/** The name of BullMQ's queue and the prefix of its keys. */
export const queueName = 'batch'
export const queuePrefix = 'dualscope'

/** The optional packages. */
export interface RedisPackages {
  readonly bullmq: typeof Bullmq
  readonly Redis: typeof Redis
}

/** Loads the optional packages. Throws `configuration`, with the command that installs them, if one is missing. */
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
  // `limited` reports when its store is away.
  const { client, close } = await openClient(url, () => undefined)
  return { store: client, close }
}

/** A client, and a function that closes it with all its copies. */
export interface RedisClient {
  readonly client: Redis
  close: () => void
  /** Prints an error of Redis, each one once. */
  reportError: (error: unknown) => void
}

/** The longest wait for a connection, in ms. */
const patience = 10_000

/** Opens a client that waits for Redis while it is away, and warns once each time. Throws `configuration` if it never was there. */
export async function openClient(url: string, report: (message: string) => void = warn): Promise<RedisClient> {
  const packages = await loadRedisPackages()
  if (!/^rediss?:\/\//.test(url) || !URL.canParse(url)) {
    throw new DualscopeError('configuration', 'redis: must be a URL such as redis://host:6379')
  }
  const client = new packages.Redis(url, {
    lazyConnect: true,
    maxRetriesPerRequest: null,
    retryStrategy: (attempt) => Math.min(50 * attempt, 1000),
  })
  const copies = trackCopies(client)
  const close = () => {
    for (const each of [client, ...copies]) each.disconnect()
  }
  let failure: Error | undefined
  client.on('error', (error: Error) => {
    failure ??= error
  })
  const timer = setTimeout(() => {
    failure ??= new Error(`no answer within ${patience / 1000} s`)
    close()
  }, patience)
  try {
    await client.connect()
  } catch (error) {
    close()
    const { message } = failure ?? (error as Error)
    throw new DualscopeError('configuration', `redis: cannot be reached: ${message}`, { cause: error })
  } finally {
    clearTimeout(timer)
  }
  reportLoss(client, report)
  const reportError = createErrorReport(report)
  // Such as a password that was changed meanwhile.
  client.on('error', reportError)
  return { client, close, reportError }
}

/** BullMQ copies a client for commands that block. Without Redis it cannot end the copies. */
function trackCopies(client: Redis): readonly Redis[] {
  const copies: Redis[] = []
  const duplicate = client.duplicate.bind(client)
  client.duplicate = (options) => {
    const copy = duplicate(options)
    copies.push(copy)
    return copy
  }
  return copies
}

function reportLoss(client: Redis, report: (message: string) => void): void {
  let isAway = false
  // Failed attempts to connect and a close on purpose emit this event too.
  client.on('reconnecting', () => {
    if (!isAway) report('The connection to Redis was lost; waiting for it.')
    isAway = true
  })
  client.on('ready', () => {
    if (isAway) report('The connection to Redis is back.')
    isAway = false
  })
}

/** Prints a message about Redis. */
function warn(message: string): void {
  process.emitWarning(message, 'DualscopeWarning')
}

/**
 * Creates a function that prints each error once. It leaves out what mends itself: a loss of the connection, which the client
 * reports, and what concerns a single job: another worker has taken it over, or its batch hands it out again.
 */
function createErrorReport(report: (message: string) => void): (error: unknown) => void {
  const seen = new Set<string>()
  return (error) => {
    const message = error instanceof Error ? error.message : String(error)
    const isLoss = error instanceof Error && 'syscall' in error
    if (isLoss || /connection is closed|for job [\da-f]{32}/i.test(message) || seen.has(message)) return
    seen.add(message)
    report(`Redis: ${message}`)
  }
}
