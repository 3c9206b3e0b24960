import { faults, type Expected } from './fault-matrix.ts'

/** The fault matrix as a Markdown table; the test beside it holds every cell to what happens over both protocols. */
export function matrixTable(): string {
  const rows = faults.map(({ name, expected }) => [name, cell(expected.chat), cell(expected.stream)])
  const table = [['What happens', '`chat()`', '`stream()`'], ...rows]
  const widths = [0, 1, 2].map((column) => Math.max(...table.map((row) => row[column]?.length ?? 0)))
  const [titles, ...lines] = table.map(
    (row) => `| ${row.map((text, column) => text.padEnd(widths[column] ?? 0)).join(' | ')} |`,
  )
  return [titles, `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...lines].join('\n')
}

function cell({ code, requests, text }: Expected): string {
  const attempts = requests === 1 ? '1 request' : `${requests} requests`
  if (code === 'answered') return `the whole answer, ${attempts}`
  return `\`${code}\`, ${attempts}${text === undefined ? '' : ', `partial`'}`
}
