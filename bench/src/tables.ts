import { adapters, baselineOf, type AdapterInfo } from './adapters.ts'
import { cases } from './cases.ts'
import type { CaseResult } from './measurement.ts'
import { compared, failureOf, medianOf, type Results } from './results.ts'
import { byHandRows, ofKind, rows, type Row } from './rows.ts'

type Value = number | undefined

/** The rows with a verdict each, as Markdown. */
export function summary(results: Results): string {
  const header = ['', 'compatible', 'dashscope', 'by hand', 'best peer', 'openai', 'at most', 'verdict']
  return table(
    header,
    rows.flatMap((row) => {
      const values = new Map(adapters.map((adapter) => [adapter.id as string, row.valueOf(results, adapter)]))
      const cell = (id: string) => show(row, values.get(id))
      const compatible = values.get('ours-compatible')
      const native = values.get('ours-native')
      if ([...values.values()].every((value) => value === undefined)) return []
      return [
        [
          row.title,
          ours(results, row, 'ours-compatible', compatible),
          ours(results, row, 'ours-native', native),
          byHand(row, values.get('by-hand-compatible'), values.get('by-hand-native')),
          bestPeer(row, values),
          cell('openai'),
          targetOf(row),
          verdict(row, compatible, native),
        ],
      ]
    }),
  )
}

/** Ours beside the same libraries put together by hand, with a verdict each, as Markdown. */
export function besideByHand(results: Results): string {
  return table(
    ['', 'compatible', 'dashscope', 'at most', 'verdict'],
    byHandRows.flatMap((row) => {
      const [compatible, native] = ofKind('ours').map((adapter) => row.valueOf(results, adapter))
      if (compatible === undefined && native === undefined) return []
      return [[row.title, show(row, compatible), show(row, native), targetOf(row), verdict(row, compatible, native)]]
    }),
  )
}

/** Everything that a case measured, adapter by adapter, as Markdown. */
export function details(results: Results): string {
  const titles = new Map([...cases.map(({ id, title }) => [id, title] as const), ['import', 'import of the packages']])
  return Object.entries(results.cases)
    .map(([id, result]) => `### ${capitalize(titles.get(id) ?? id)}\n\n${caseTable(id, result)}`)
    .join('\n')
}

function caseTable(id: string, result: CaseResult): string {
  const delays = id === 'first-delta'
  const header = ['', 'protocol', 'CPU ms', 'CPU ×', 'wall ms', 'wall ×', 'peak MB', ...(delays ? ['median µs'] : [])]
  const baseline = (adapter: AdapterInfo) => (id === 'import' ? 'by-hand-compatible' : baselineOf(adapter.protocol))
  return table(
    header,
    adapters.flatMap((adapter) => {
      if (!(adapter.id in result)) return []
      const failure = failureOf(result, adapter.id)
      if (failure !== undefined) return [[adapter.title, adapter.protocol, `failed: ${failure}`]]
      const median = (figure: Parameters<typeof medianOf>[2]) => medianOf(result, adapter.id, figure)?.toFixed(0) ?? ''
      const ratio = (figure: 'cpu' | 'wall') =>
        compared(result, adapter.id, baseline(adapter), figure)?.toFixed(2) ?? ''
      return [
        [
          adapter.title + lost(result, adapter.id),
          adapter.protocol,
          median('cpu'),
          ratio('cpu'),
          median('wall'),
          ratio('wall'),
          median('peak'),
          ...(delays ? [median('delay')] : []),
        ],
      ]
    }),
  )
}

/** A footnote where only the text came out. */
function lost(result: CaseResult, adapter: string): string {
  const samples = result[adapter]
  return Array.isArray(samples) && samples.some(({ reasoningIntact }) => reasoningIntact === false)
    ? ' (reasoning lost)'
    : ''
}

function ours(results: Results, row: Row, id: string, value: Value): string {
  const failure = row.caseId === undefined ? undefined : failureOf(results.cases[row.caseId], id)
  if (failure !== undefined) return `failed: ${failure}`
  return value === undefined ? '–' : `**${show(row, value)}**`
}

function byHand(row: Row, compatible: Value, native: Value): string {
  return native === undefined ? show(row, compatible) : `${show(row, compatible)}, ${show(row, native)}`
}

function bestPeer(row: Row, values: ReadonlyMap<string, Value>): string {
  const [best] = ofKind('peer')
    .flatMap(({ id, title }) => {
      const value = values.get(id)
      return value === undefined ? [] : [{ title, value }]
    })
    .sort((a, b) => a.value - b.value)
  return best ? `${show(row, best.value)} (${best.title})` : '–'
}

function targetOf({ unit, target: { compatible, native } }: Row): string {
  const shown = [...new Set([compatible, native])].filter((value) => value !== undefined)
  return shown.length > 0
    ? shown.map((value) => `≤ ${unit === '×' ? value.toFixed(2) : value} ${unit}`).join(', ')
    : '–'
}

function verdict({ target }: Row, compatible: Value, native: Value): string {
  const judged = [
    { at: target.compatible, value: compatible, name: 'compatible' },
    { at: target.native, value: native, name: 'dashscope' },
  ].filter(({ at }) => at !== undefined)
  if (judged.length === 0) return '–'
  const missed = judged.filter(({ at, value }) => value === undefined || value > (at ?? Infinity))
  return missed.length === 0 ? 'reached' : `**missed**: ${missed.map(({ name }) => name).join(', ')}`
}

function show({ unit }: Row, value: Value): string {
  if (value === undefined) return '–'
  return `${value.toFixed(unit === '×' ? 2 : unit === 'KiB' ? 1 : 0)} ${unit}`
}

/** A table in Markdown; the first column is text, the others are numbers. */
export function table(header: readonly string[], lines: readonly (readonly string[])[]): string {
  const all = [header, header.map((_, index) => (index === 0 ? '---' : '---:')), ...lines]
  return `${all.map((cells) => `| ${cells.join(' | ')} |`).join('\n')}\n`
}

function capitalize(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
