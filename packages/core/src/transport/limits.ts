import type { CallOptions } from '../chat/request.ts'
import { DualscopeError, type ErrorCode } from '../errors.ts'
import { defaultTimeout } from '../http/deadline.ts'
import type { TransportOptions } from '../transport.ts'

/** How long a call may take and how often it is tried; times in ms. */
export interface Limits {
  timeout: number
  totalTimeout: number
  retries: number
}

const defaults: Limits = { timeout: defaultTimeout, totalTimeout: Infinity, retries: 2 }

/** Returns the limits of one call: its own, else the transport's, else the defaults. Throws for an invalid one, and names it. */
export function resolveLimits(options: TransportOptions, callOptions: CallOptions): Limits {
  return {
    ...defaults,
    ...checkLimits(options, 'configuration', 'options'),
    ...checkLimits(callOptions, 'validation', 'call options'),
  }
}

function checkLimits(
  options: Partial<Record<keyof Limits, number | undefined>>,
  code: ErrorCode,
  owner: string,
): Partial<Limits> {
  const limits: Partial<Limits> = {}
  const limitError = (name: string, rule: string, value: unknown) => {
    const shown = typeof value === 'number' || typeof value === 'string' ? value : typeof value
    return new DualscopeError(code, `${name}: must be ${rule}, got ${shown} (${owner})`)
  }
  for (const name of ['timeout', 'totalTimeout'] as const) {
    const value = options[name]
    if (value === undefined) continue
    if (!(typeof value === 'number' && value > 0)) throw limitError(name, 'ms over 0, or Infinity for none', value)
    limits[name] = value
  }
  const { retries } = options
  if (retries !== undefined) {
    const isCount = retries === Infinity || (Number.isInteger(retries) && retries >= 0)
    if (!isCount) throw limitError('retries', 'a whole number, 0 or more', retries)
    limits.retries = retries
  }
  return limits
}
