/** The outcome of a case. */
export interface Outcome {
  /** The protocol under test. */
  suite: string
  name: string
  /** The part of the contract, and the duty of a transport in it. */
  part: string
  duty: string
  /** False if the transport does not claim the feature of the case. */
  isClaimed: boolean
  seconds: number
  /** The difference; absent if the case passed. */
  failure?: string
}

/** Writes the outcomes as JUnit XML, with a suite for each protocol. */
export function junit(outcomes: readonly Outcome[]): string {
  const suites = Map.groupBy(outcomes, ({ suite }) => suite)
  const body = [...suites].map(([suite, cases]) => renderSuite(suite, cases)).join('')
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites ${totals(outcomes)}>\n${body}</testsuites>\n`
}

function renderSuite(suite: string, outcomes: readonly Outcome[]): string {
  return `  <testsuite name="${escape(suite)}" ${totals(outcomes)}>\n${outcomes.map(renderCase).join('')}  </testsuite>\n`
}

function renderCase({ suite, name, duty, seconds, failure }: Outcome): string {
  const head = `    <testcase classname="${escape(suite)}" name="${escape(name)}" time="${seconds.toFixed(3)}"`
  if (failure === undefined) return `${head}/>\n`
  return `${head}>\n      <failure type="${escape(duty)}" message="${escape(failure)}"/>\n    </testcase>\n`
}

function totals(outcomes: readonly Outcome[]): string {
  const failures = outcomes.filter(({ failure }) => failure !== undefined).length
  const seconds = outcomes.reduce((sum, outcome) => sum + outcome.seconds, 0)
  return `tests="${outcomes.length}" failures="${failures}" errors="0" time="${seconds.toFixed(3)}"`
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/** Escapes text for an attribute. Characters that XML 1.0 cannot hold are left out. */
function escape(text: string): string {
  return (
    text
      // oxlint-disable-next-line no-control-regex -- they are what XML cannot hold
      .replaceAll(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g, '')
      .replaceAll(/[&<>"]/g, (character) => entities[character] ?? character)
      .replaceAll(/[\t\r\n]/g, (space) => `&#${space.charCodeAt(0)};`)
  )
}
