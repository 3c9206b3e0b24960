import { DualscopeError } from '../errors.ts'

declare const process: { env?: Record<string, string | undefined> } | undefined
declare const navigator: { userAgent?: string } | undefined

// Written by scripts/write-version.ts with each release.
const version = '0.1.0'

/**
 * Returns the `User-Agent` of requests: the caller's own, followed by the product token. Browsers send their own, and would ask
 * the service for permission (CORS) to send another.
 */
export function userAgent(own: string | undefined): string | undefined {
  const runtime = typeof navigator === 'undefined' ? undefined : navigator.userAgent
  if (runtime?.startsWith('Mozilla/')) return own
  return own === undefined ? `dualscope/${version}` : `${own} dualscope/${version}`
}

/**
 * Reads a variable of the environment, where the runtime has one; an empty one counts as unset. Throws `configuration` if the
 * program may not read it (Deno without `--allow-env`): to treat it as unset could send a key to the wrong host.
 */
export function environment(name: string): string | undefined {
  try {
    return (typeof process === 'undefined' ? undefined : process.env?.[name]) || undefined
  } catch (error) {
    const reason = error instanceof Error ? `: ${error.message}` : ''
    throw new DualscopeError('configuration', `${name}: cannot be read from the environment${reason}`, {
      cause: error,
    })
  }
}
