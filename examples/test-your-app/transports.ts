// How the app reaches the model. Both are tested, so that swapping them is safe.
import { compatible } from '@dualscope/compatible'
import type { HeaderFields, TransportOptions } from '@dualscope/core'
import { dashscope } from '@dualscope/dashscope'

const ours = { timeout: 60_000, headers: { 'x-app': 'weather-assistant' } }

export const transports = {
  compatible: (options: TransportOptions = {}) => compatible({ ...options, ...defaults(options) }),
  dashscope: (options: TransportOptions = {}) => dashscope({ ...options, ...defaults(options) }),
}

function defaults({ timeout = ours.timeout, headers }: TransportOptions): TransportOptions {
  return { timeout, headers: { ...ours.headers, ...Object.fromEntries(pairs(headers)) } }
}

function pairs(headers: HeaderFields = {}): Iterable<readonly [string, string]> {
  return Symbol.iterator in headers ? headers : Object.entries(headers)
}
