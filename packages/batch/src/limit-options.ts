import { createHash } from 'node:crypto'

import { DualscopeError } from '@dualscope/core'
import * as z from 'zod/mini'

import { checkOptions } from './check-options.ts'
import type { StoreNotice } from './watch-store.ts'

/** The limits of `limited`. The service counts them for each account and model. */
export interface LimitOptions {
  /** Requests started per minute, for each model. At least 1. @default unlimited */
  requestsPerMinute?: number | undefined
  /** Tokens per minute, input and output together, for each model. At least 1. @default unlimited */
  tokensPerMinute?: number | undefined
  /** Calls at once in this process, for all models together. At least 1. @default unlimited */
  concurrency?: number | undefined
  /** A client of ioredis or node-redis, connected by you, that shares the limits between processes. @default memory */
  store?: object | undefined
  /**
   * The account that the limits belong to, or its API key: only a digest is used. @default the environment's DASHSCOPE_API_KEY
   */
  key?: string | undefined
  /** The region; each has its own limits. @default 'beijing' */
  region?: string | undefined
  /** The longest wait for a turn, in ms; then the call fails with `rate-limit`. @default unlimited */
  maxWait?: number | undefined
  /** The most calls that wait for a place, and for the limits of one model; one more fails with `rate-limit`. @default 10_000 */
  maxQueue?: number | undefined
  /**
   * Attempts after the first, for temporary errors. Each waits its turn. Throttled calls do not count: they wait for another
   * turn, until the service has throttled everything for ten minutes; with 0 they fail at once. @default 2
   */
  retries?: number | undefined
  /** The part of the limits to use in memory while the store is away, over 0 and up to 1: 1 / processes is safe. @default 0.1 */
  fallbackShare?: number | undefined
  /** Called once when the store goes away, and once when it is back. @default prints a warning */
  onStore?: ((notice: StoreNotice) => void) | undefined
}

const positive = z.optional(z.number().check(z.gte(1)))

const schema = z.strictObject({
  requestsPerMinute: positive,
  tokensPerMinute: positive,
  concurrency: z.optional(z.int().check(z.gte(1))),
  store: z.optional(
    z.custom((value) => typeof value === 'object' && value !== null, 'must be a client of ioredis or node-redis'),
  ),
  key: z.optional(z.string()),
  region: z.optional(z.string()),
  maxWait: z.optional(z.number().check(z.gte(0))),
  maxQueue: z.optional(z.int().check(z.gte(0))),
  retries: z.optional(z.int().check(z.gte(0))),
  fallbackShare: z.optional(z.number().check(z.gt(0), z.lte(1))),
  onStore: z.optional(z.custom((value) => typeof value === 'function', 'must be a function')),
})

/** Throws `configuration` for an unknown or malformed option. */
export function checkLimitOptions(options: LimitOptions): void {
  checkOptions('limited', schema, options)
  const { store } = options
  if (store === undefined || 'defineCommand' in store || ('eval' in store && 'multi' in store)) return
  throw new DualscopeError('configuration', 'limited: store: must be a client of ioredis or node-redis')
}

/** Returns the account's part of a key: a digest, so that no API key reaches the store. */
export function digestAccount(key = process.env['DASHSCOPE_API_KEY'] ?? ''): string {
  return createHash('sha256').update(`dualscope account ${key}`).digest('hex').slice(0, 16)
}

/** Prints a change of the store. */
export function warnStore({ available, error }: StoreNotice): void {
  const message = available
    ? 'The store of the rate limits is back.'
    : `The store of the rate limits is away (${error?.message ?? 'unknown'}); a share of the limits is counted in memory.`
  process.emitWarning(message, 'DualscopeWarning')
}
