import { DualscopeError } from '../errors.ts'

/** How `fetch` refuses a redirect: as an answer, which tells where it points, or as a failure. */
export type RedirectMode = 'manual' | 'error'

/** In which of the two ways a transport's requests refuse redirects. */
export interface Redirects {
  mode: () => RedirectMode
  /** An answer came that was no redirect. */
  answered: () => void
  /** A request in this mode failed; true where it has to be sent again as 'manual' to tell why. */
  failed: (mode: RedirectMode, error: unknown) => boolean
}

/**
 * A host that has answered does not begin to redirect, so that from then on redirects may be failures: only then does the Fetch
 * standard make no copy of each body for the request that a redirect would ask for, which in Node takes a seventh of a small
 * call. After a failure, and for good where it was a redirect or a runtime that knows no such mode, they are answers again
 * (docs/decisions/010).
 */
export function createRedirects(): Redirects {
  let mode: RedirectMode = 'manual'
  let settled = false
  return {
    mode: () => mode,
    answered() {
      if (!settled) mode = 'error'
    },
    failed(failedMode, error) {
      // A browser does not say that it was a redirect: the next attempt will.
      mode = 'manual'
      const refused = failedMode === 'error' && blamesRedirect(error)
      settled ||= refused
      return refused
    },
  }
}

/** Whether a failed request of mode 'error' failed for it: at a redirect, or in a runtime without the mode. */
export function blamesRedirect(error: unknown): boolean {
  return error instanceof DualscopeError && error.code === 'connection' && /redirect/i.test(String(error.cause))
}
