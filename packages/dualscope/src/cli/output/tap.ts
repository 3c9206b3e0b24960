import type { Outcome } from './junit.ts'

// TAP 14, https://testanything.org/tap-version-14-specification.html

/** Writes the first lines of a report. */
export function tapHead(count: number): string {
  return `TAP version 14\n1..${count}\n`
}

/** Writes a case, with the difference if it failed. A JSON string is YAML too. */
export function tapCase({ suite, name, part, duty, seconds, failure }: Outcome, number: number): string {
  const title = `${suite}: ${name}`.replaceAll(/\s+/g, ' ').replaceAll(/[\\#]/g, String.raw`\$&`)
  const line = `${failure === undefined ? 'ok' : 'not ok'} ${number} - ${title}\n`
  if (failure === undefined) return line
  const fields = [
    `message: ${JSON.stringify(failure)}`,
    `duty: ${JSON.stringify(`${part}: ${duty}`)}`,
    `duration_ms: ${Math.round(seconds * 1000)}`,
  ]
  return `${line}  ---\n${fields.map((field) => `  ${field}\n`).join('')}  ...\n`
}

/** Writes the summary of a suite as comments: passed, failed by part with its duty, not claimed. */
export function tapSummary(suite: string, outcomes: readonly Outcome[]): string {
  const failed = outcomes.filter(({ failure }) => failure !== undefined)
  const absent = outcomes.filter(({ isClaimed, failure }) => !isClaimed && failure === undefined)
  const passed = outcomes.length - failed.length - absent.length
  const parts = [...Map.groupBy(failed, ({ part }) => part)].map(([part, { length, 0: first }]) => {
    return `#   ${part}: ${length} failed. ${first?.duty ?? ''}\n`
  })
  return `# ${suite}: ${passed} passed, ${failed.length} failed, ${absent.length} not claimed\n${parts.join('')}`
}

/** Writes that the remaining cases are not run. */
export function tapBail(reason: string): string {
  return `Bail out! ${reason}\n`
}
