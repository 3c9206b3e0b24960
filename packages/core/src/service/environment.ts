import { DualscopeError } from '../errors.ts'

declare const process: { env?: Record<string, string | undefined> } | undefined

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
