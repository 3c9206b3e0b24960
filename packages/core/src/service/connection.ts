import { delay } from '../async/abort.ts'
import type { Codec } from '../codec.ts'
import { withRetries, type Failure } from '../http/retry.ts'
import { notify, type Observers } from '../observe.ts'
import { redactError } from '../redact.ts'

/** What the exchanges of one call share: where they go, on whose behalf, and how often each is tried. */
export interface Connection {
  codec: Codec
  model: string
  base: string
  key: string
  /** The caller's. */
  headers: Readonly<Record<string, string>>
  observers: Observers
  fetch: typeof globalThis.fetch
  /** Allows plain `http:` to a host that is not loopback. */
  allowHttp: boolean
  /** ms of idle time. */
  timeout: number
  /** Attempts after the first. */
  retries: number
}

/** Tries an exchange as often as the connection allows, and notifies observers of each retry. */
export function retry<T extends object>(
  { codec, key, observers, retries }: Connection,
  signal: AbortSignal,
  attempt: (number: number) => Promise<T | Failure>,
): Promise<T> {
  return withRetries(attempt, {
    retries,
    delay: (milliseconds) => delay(milliseconds, signal),
    onRetry: ({ error }, number, milliseconds) =>
      notify(observers.onRetry, () => ({
        protocol: codec.protocol,
        attempt: number,
        error: redactError(error, key),
        delay: milliseconds,
      })),
  })
}
