import type { Unsupported } from './codec.ts'
import type { DualscopeError } from './errors.ts'
import { loadPart } from './lazy.ts'
import type * as notices from './engine/notices.ts'

/** An attempt's request, without the key; media are shortened. */
export interface RequestNotice {
  protocol: string
  method: string
  url: string
  headers: Record<string, string>
  body: unknown
  /** 1 for the first. */
  attempt: number
}

/** The head of an attempt's answer. */
export interface ResponseNotice {
  protocol: string
  url: string
  status: number
  headers: Record<string, string>
  requestId: string | undefined
  attempt: number
}

/** An attempt failed and another follows. */
export interface RetryNotice {
  protocol: string
  /** The attempt that failed. */
  attempt: number
  error: DualscopeError
  /** ms until the next. */
  delay: number
}

/** A field was left out because of `unsupported: 'drop'`. */
export interface DropNotice extends Unsupported {
  protocol: string
}

/**
 * Observers watch plain redacted copies and cannot change anything: what they return is ignored, and what they throw is
 * printed as a warning. Whoever wants to change a call wraps the transport.
 */
export interface Observers {
  /** Before each attempt is sent. */
  onRequest?: ((notice: RequestNotice) => void) | undefined
  /** When the head of an attempt's answer has come. */
  onResponse?: ((notice: ResponseNotice) => void) | undefined
  /** When an attempt failed and another follows. */
  onRetry?: ((notice: RetryNotice) => void) | undefined
  /** For each field that `unsupported: 'drop'` left out. */
  onDrop?: ((notice: DropNotice) => void) | undefined
}

/** Tells an observer, if there is one; the notice is made only then. */
export function tell<T>(observer: ((notice: T) => unknown) | undefined, notice: () => T): void {
  if (!observer) return
  try {
    Promise.resolve(observer(notice())).catch(threw)
  } catch (error) {
    threw(error)
  }
}

/** Makes the notices of an exchange; undefined where that cannot be loaded: then nobody is told. */
export async function loadNotices(): Promise<typeof notices | undefined> {
  try {
    return await loadPart(import('./engine/notices.ts'))
  } catch (error) {
    warn('observers are not told of a request', error)
    return undefined
  }
}

function threw(error: unknown): void {
  warn('an observer threw', error)
}

function warn(what: string, error: unknown): void {
  // oxlint-disable-next-line no-console -- it must not fail the call, and it must not go unseen
  console.warn(`dualscope: ${what}`, error)
}
