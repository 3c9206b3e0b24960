/** Turns the headers of a Node message into those of `fetch`. */
export function toHeaders(incoming: Readonly<Record<string, string | readonly string[] | undefined>>): Headers {
  const headers = new Headers()
  for (const [name, value] of Object.entries(incoming)) {
    for (const each of [value ?? []].flat()) headers.append(name, each)
  }
  return headers
}

/** Returns the API key of a request; empty without one. */
export function keyOf(headers: Headers): string {
  return /^Bearer (\S+)$/.exec(headers.get('authorization') ?? '')?.[1] ?? ''
}
