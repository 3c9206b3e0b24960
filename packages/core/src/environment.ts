declare const process: { env?: Record<string, string | undefined> } | undefined

/** A variable of the environment, where the runtime has one; an empty one counts as none. */
export function environment(name: string): string | undefined {
  return (typeof process === 'undefined' ? undefined : process.env?.[name]) || undefined
}
