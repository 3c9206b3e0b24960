import type { Outcome } from './run.ts'

const heads = ['what is broken', 'transport', 'the first case that notices']

/** The table of `docs/contract.md`. */
export function writeTable(outcomes: readonly Outcome[]): string {
  const rows = outcomes.map(({ mutation, wire, caughtBy }) => [mutation, wire, caughtBy ?? '**none**'])
  const widths = heads.map((head, column) => Math.max(head.length, ...rows.map((row) => row[column]?.length ?? 0)))
  const rule = widths.map((width) => '-'.repeat(width))
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`
  return [heads, rule, ...rows].map(line).join('\n')
}

/** The rows of the table, as they stand in the document. */
export function readTable(document: string): { mutation: string; wire: string; caughtBy: string }[] {
  return document.split('\n').flatMap((line) => {
    const [, mutation, wire, caughtBy] = /^\| (.+?) +\| (compatible|dashscope) +\| (.+?) +\|$/.exec(line) ?? []
    return mutation && wire && caughtBy ? [{ mutation, wire, caughtBy }] : []
  })
}
