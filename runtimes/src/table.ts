import type { Outcome } from './outcome.ts'

/** The findings about a runtime. */
export interface Row {
  runtime: string
  version: string
  outcomes: readonly Outcome[]
  /** Why there are no outcomes. */
  failure?: string
}

/** Whether everything went well. */
export function isGood({ outcomes, failure }: Row): boolean {
  return failure === undefined && outcomes.length > 0 && outcomes.every((outcome) => outcome.failure === undefined)
}

/** The table runtime × protocol × case, in Markdown. */
export function renderTable(rows: readonly Row[]): string {
  const names = [...new Set(rows.flatMap(({ outcomes }) => outcomes.map(({ name }) => name)))]
  const lines = rows.flatMap(({ runtime, version, outcomes }) => {
    const protocols = [...new Set(outcomes.map(({ protocol }) => protocol))]
    if (protocols.length === 0) return [[runtime, version, '–', ...names.map(() => 'did not run')]]
    return protocols.map((protocol) => {
      const cells = names.map((name) => {
        const outcome = outcomes.find((each) => each.protocol === protocol && each.name === name)
        return !outcome ? 'did not run' : outcome.failure === undefined ? '✓' : '✗'
      })
      return [runtime, version, protocol, ...cells]
    })
  })
  return align([['Runtime', 'Version', 'Protocol', ...names], ...lines])
}

/** The failures, a line each. */
export function renderFailures(rows: readonly Row[]): string[] {
  return rows.flatMap(({ runtime, outcomes, failure }) => [
    ...(failure === undefined ? [] : [`${runtime}: ${failure}`]),
    ...outcomes.flatMap(({ protocol, name, failure }) =>
      failure === undefined ? [] : [`${runtime}, ${protocol}, ${name}: ${failure}`],
    ),
  ])
}

function align(cells: readonly (readonly string[])[]): string {
  const [head = []] = cells
  const widths = head.map((_, column) => Math.max(...cells.map((line) => line[column]?.length ?? 0)))
  const render = (line: readonly string[]) =>
    `| ${line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`
  const [first = [], ...rest] = cells
  return [render(first), `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...rest.map(render)].join('\n')
}
