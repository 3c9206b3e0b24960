import { DualscopeError } from './errors.ts'

/**
 * Waits for a module that is imported on demand for its weight. A failed import becomes a `configuration` error, since no
 * retry repairs it: the page is older than its deployment, or a bundle lacks the file.
 */
export async function importOnDemand<T>(module: Promise<T>): Promise<T> {
  try {
    return await module
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    const message = `A part of the library could not be loaded: ${reason}. If the page is out of date, reload it`
    throw new DualscopeError('configuration', message, { cause: error })
  }
}
