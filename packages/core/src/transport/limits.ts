import { DualscopeError, type ErrorCode } from '../errors.ts'
import type { CallOptions } from '../chat/request.ts'
import type { TransportOptions } from '../transport.ts'

/** How long a call may take and how often it is tried; times in ms. */
export interface Limits {
  timeout: number
  totalTimeout: number
  retries: number
}

const defaults: Limits = { timeout: 300_000, totalTimeout: Infinity, retries: 2 }

/** The limits of one call: its own, else the transport's, else the defaults. A senseless one is refused by its place. */
export function resolveLimits(options: TransportOptions, callOptions: CallOptions): Limits {
  return {
    ...defaults,
    ...checked(options, 'configuration', 'options'),
    ...checked(callOptions, 'validation', 'call options'),
  }
}

function checked(given: Partial<Record<keyof Limits, number | undefined>>, code: ErrorCode, whose: string) {
  const limits: Partial<Limits> = {}
  const refuse = (name: string, rule: string, value: number) =>
    new DualscopeError(code, `${name}: must be ${rule}, got ${String(value)} (${whose})`)
  for (const name of ['timeout', 'totalTimeout'] as const) {
    const value = given[name]
    if (value === undefined) continue
    if (!(typeof value === 'number' && value > 0)) throw refuse(name, 'ms over 0, or Infinity for none', value)
    limits[name] = value
  }
  const { retries } = given
  if (retries !== undefined) {
    const counts = retries === Infinity || (Number.isInteger(retries) && retries >= 0)
    if (!counts) throw refuse('retries', 'a whole number, 0 or more', retries)
    limits.retries = retries
  }
  return limits
}
