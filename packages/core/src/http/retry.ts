import type { DualscopeError } from '../errors.ts'

/** A failed attempt and whether another may help. */
export interface Failure {
  error: DualscopeError
  /** How many more attempts may help; 0 if none. */
  retries: number
  /** ms that the service asks to wait. */
  retryAfter?: number | undefined
}

/** How attempts are retried. */
export interface RetryPolicy {
  /** Attempts after the first. */
  retries: number
  /** Waits for a number of ms. */
  delay(milliseconds: number): Promise<void>
  onRetry(failure: Failure, attempt: number, delay: number): void
}

const longestRetryAfter = 60_000
const longestBackoff = 30_000

/**
 * Retries an attempt while its failure says that it may help. The wait is what the service asks for, up to a minute, or
 * a random part of 1, 2, 4 … seconds, so that clients which failed together do not return together.
 *
 * ky's own retries end with the head of the response. Here an error may be the first event of a stream that began with
 * 200, so the retry includes both (docs/decisions/002).
 */
export async function withRetries<T extends object>(
  attempt: (number: number) => Promise<T | Failure>,
  policy: RetryPolicy,
): Promise<T> {
  for (let number = 1; ; number += 1) {
    const outcome = await attempt(number)
    if (!('retries' in outcome)) return outcome
    const { error, retries, retryAfter } = outcome
    if (number > Math.min(retries, policy.retries) || (retryAfter ?? 0) > longestRetryAfter) throw error
    const delay = retryAfter ?? Math.random() * Math.min(longestBackoff, 1000 * 2 ** (number - 1))
    policy.onRetry(outcome, number, delay)
    await policy.delay(delay)
  }
}

/** Reads a Retry-After header, in seconds or as a date, as ms from now. Returns undefined for anything else. */
export function parseRetryAfter(header: string | null): number | undefined {
  if (!header) return undefined
  if (/^\d+(\.\d+)?$/.test(header)) return Number(header) * 1000
  // RFC 9110: an HTTP date names its day and ends with GMT. `Date.parse` alone makes a date of almost anything.
  const date = /^[A-Z][a-z]+,? .* GMT$/.test(header) ? Date.parse(header) : NaN
  return Number.isNaN(date) ? undefined : Math.max(0, date - Date.now())
}
