/**
 * Returns the place of a secret in a value: in any text that can be reached from it, and in the URL and headers of a request
 * or a response. Returns undefined if it is not found.
 */
export function findSecret(
  value: unknown,
  secret: string,
  path = 'error',
  seen = new Set<unknown>(),
): string | undefined {
  if (typeof value === 'string') return value.includes(secret) ? path : undefined
  if (typeof value !== 'object' || value === null || seen.has(value)) return undefined
  seen.add(value)
  if (value instanceof Headers) return findSecret(Object.fromEntries(value), secret, path, seen)
  if (value instanceof Request || value instanceof Response) {
    return findSecret([value.url, value.headers], secret, path, seen)
  }
  if (value instanceof Map || value instanceof Set) return findSecret([...value], secret, path, seen)
  for (const key of Reflect.ownKeys(value)) {
    const found = findSecret(Reflect.get(value, key), secret, `${path}.${String(key)}`, seen)
    if (found !== undefined) return found
  }
  return undefined
}
