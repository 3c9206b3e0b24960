import { DualscopeError } from '../errors.ts'

declare const process: { env?: Record<string, string | undefined> } | undefined

/**
 * A variable of the environment, where the runtime has one; an empty one counts as none. Where the program may not read it
 * (Deno without `--allow-env`) it is `configuration`: to go on as if it were unset could send a key to the wrong host.
 */
export function environment(name: string): string | undefined {
  try {
    return (typeof process === 'undefined' ? undefined : process.env?.[name]) || undefined
  } catch (error) {
    const reason = error instanceof Error ? `: ${error.message}` : ''
    throw new DualscopeError('configuration', `${name}: may not be read from the environment${reason}`, {
      cause: error,
    })
  }
}
