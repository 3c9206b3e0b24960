/** The request id in the head of an answer; of an upload's storage too. */
export function requestIdOf({ headers }: Response): string | undefined {
  return headers.get('x-request-id') ?? headers.get('x-oss-request-id') ?? undefined
}
