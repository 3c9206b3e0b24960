import type { DualscopeError } from '../errors.ts'

/** A try that failed and what may be done about it. */
export interface Failure {
  error: DualscopeError
  /** How many more attempts may help: 0 for what no repetition mends. */
  retries: number
  /** ms that the service asks to wait. */
  retryAfter?: number | undefined
}

/** How attempts are repeated. */
export interface RetryPolicy {
  /** Attempts after the first. */
  retries: number
  /** Waits so many ms. */
  pause(milliseconds: number): Promise<void>
  onRetry(failure: Failure, attempt: number, delay: number): void
}

const longestRetryAfter = 60_000
const longestBackoff = 30_000

/**
 * Repeats an attempt while its failure says that it may help. The wait is what the service asks for, up to a minute, or
 * a random part of 1, 2, 4 … seconds, so that clients which failed together do not come back together.
 *
 * ky's own retries end with the head of the answer; here a refusal may be the first event of a stream that began with
 * 200, so the repetition stands around both (docs/decisions/002).
 */
export async function withRetries<T extends object>(
  attempt: (number: number) => Promise<T | Failure>,
  policy: RetryPolicy,
): Promise<T> {
  for (let number = 1; ; number += 1) {
    const outcome = await attempt(number)
    if (!('retries' in outcome)) return outcome
    const { error, retries, retryAfter = 0 } = outcome
    if (number > Math.min(retries, policy.retries) || retryAfter > longestRetryAfter) throw error
    const delay = retryAfter || Math.random() * Math.min(longestBackoff, 1000 * 2 ** (number - 1))
    policy.onRetry(outcome, number, delay)
    await policy.pause(delay)
  }
}
