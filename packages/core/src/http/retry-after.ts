/** A Retry-After header, in seconds or as a date, as ms from now; anything else says nothing. */
export function parseRetryAfter(header: string | null): number | undefined {
  if (!header) return undefined
  if (/^\d+(\.\d+)?$/.test(header)) return Number(header) * 1000
  // RFC 9110: an HTTP date names its day and ends with GMT. `Date.parse` alone makes a date of almost anything.
  const date = /^[A-Z][a-z]+,? .* GMT$/.test(header) ? Date.parse(header) : NaN
  return Number.isNaN(date) ? undefined : Math.max(0, date - Date.now())
}
