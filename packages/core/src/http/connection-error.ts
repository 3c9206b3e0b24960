import { DualscopeError } from '../errors.ts'

/** Creates a `connection` error from whatever a `fetch` or a body threw. */
export function connectionError(message: string, error: unknown): DualscopeError {
  const cause = innermost(error)
  if (!(cause instanceof Error)) return new DualscopeError('connection', message)
  const plain = plainError(cause)
  return new DualscopeError('connection', `${message}: ${plain.message || plain.code || plain.name}`, { cause: plain })
}

function innermost(error: unknown): unknown {
  if (error instanceof AggregateError && error.errors.length > 0) return innermost(error.errors[0])
  return error instanceof Error && error.cause instanceof Error ? innermost(error.cause) : error
}

/** Copies only the words of a network error: a `fetch` may attach the request to it, and with it the key. */
function plainError(error: Error): Error & { code?: string } {
  const plain: Error & { code?: string } = new Error(error.message)
  plain.name = error.name
  if ('code' in error && typeof error.code === 'string') plain.code = error.code
  return plain
}
