import { DualscopeError } from './errors.ts'

/**
 * A part of the library that is loaded when it is first needed. A bundler makes a file of it, and where that cannot be
 * had (a page that was open while a new version came out), the error is `configuration`: no repetition mends it.
 * `context` is what the error tells besides.
 */
export async function loadPart<T>(part: Promise<T>, context = ''): Promise<T> {
  try {
    return await part
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new DualscopeError('configuration', `A part of the library could not be loaded: ${reason}${context}`, {
      cause: error,
    })
  }
}

/** Loads a part with the first call, and gives it at once with every other: Node resolves an import anew each time. */
export function latePart<T>(load: () => Promise<T>): () => Promise<T> {
  let loaded: T | undefined
  return async () => (loaded ??= await loadPart(load()))
}
