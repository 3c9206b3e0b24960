import { delay } from '../async/abort.ts'
import type { Codec } from '../codec.ts'
import { withRetries, type Failure } from '../http/retry.ts'
import { notify, type Observers } from '../observe.ts'
import { redactError, type Secrets } from '../redact.ts'

/** The settings that all exchanges of one call share: target, credentials, observers and limits. */
export interface Connection {
  codec: Codec
  model: string
  base: string
  key: string
  /** Texts that errors and notices must not show: the key, and the credentials in the caller's own headers. */
  secrets: Secrets
  /** The caller's. */
  headers: Readonly<Record<string, string>>
  observers: Observers
  fetch: typeof globalThis.fetch
  /** ms of idle time. */
  timeout: number
  /** Attempts after the first. */
  retries: number
}

/** Tries an exchange as often as the connection allows, and notifies observers of each retry. No error shows a secret. */
export async function retry<T extends object>(
  { codec, secrets, observers, retries }: Connection,
  signal: AbortSignal,
  attempt: (number: number) => Promise<T | Failure>,
): Promise<T> {
  try {
    return await withRetries(attempt, {
      retries,
      delay: (milliseconds) => delay(milliseconds, signal),
      onRetry: ({ error }, number, milliseconds) =>
        notify(observers.onRetry, () => ({
          protocol: codec.protocol,
          attempt: number,
          error: redactError(error, secrets),
          delay: milliseconds,
        })),
    })
  } catch (error) {
    throw redactError(error, secrets)
  }
}
