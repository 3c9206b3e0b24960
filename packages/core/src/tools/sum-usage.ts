import type { Usage } from '../chat/result.ts'

/** What two calls cost together; a call that did not tell counts for nothing. */
export function sumUsage(first: Usage | undefined, second: Usage | undefined): Usage | undefined {
  if (!first || !second) return first ?? second
  const sum: Usage = { ...first }
  for (const [key, tokens] of Object.entries(second) as [keyof Usage, number][]) sum[key] = (sum[key] ?? 0) + tokens
  return sum
}
