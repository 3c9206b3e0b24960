import { adapters, baselineOf } from './adapters.ts'
import { compared, type Results } from './results.ts'

const groups = [
  { id: 'stream-packed', title: '20,000 deltas, packed' },
  { id: 'stream-drip', title: '20,000 deltas, a write a frame' },
  { id: 'concurrent', title: '500 streams at once' },
  { id: 'call', title: 'small call' },
  { id: 'cumulative', title: '4,000 cumulative frames' },
]
const shownTitles: Readonly<Record<string, string>> = {
  'by-hand-compatible': 'by hand, compatible',
  'by-hand-native': 'by hand, native',
  'ours-compatible': 'Dualscope compatible',
  'ours-native': 'Dualscope dashscope',
  'ai-openai-compatible': '@ai-sdk/openai-compatible',
}

const left = 210
const width = 860
const barHeight = 14
const gap = 4
// Longer bars are cut; their number stands beside them.
const longest = 5
const scale = (width - left - 60) / longest

/** CPU beside the raw baseline of the same protocol, as bars; undefined without any figure. */
export function plot(results: Results): string | undefined {
  const parts: string[] = []
  let y = 48
  for (const { id, title } of groups) {
    const bars = adapters.flatMap((adapter) => {
      if (adapter.kind === 'raw') return []
      const value = compared(results.cases[id], adapter.id, baselineOf(adapter.protocol), 'cpu')
      return value === undefined ? [] : [{ value, title: shownTitles[adapter.id] ?? adapter.title, kind: adapter.kind }]
    })
    if (bars.length === 0) continue
    parts.push(text(12, y + 12, title, 'head'))
    y += 22
    for (const bar of bars) {
      const length = Math.min(bar.value, longest) * scale
      const middle = y + barHeight - 3
      parts.push(
        text(left - 8, middle, bar.title, bar.kind === 'ours' ? 'name ours' : 'name'),
        `<rect x="${left}" y="${y}" width="${length.toFixed(1)}" height="${barHeight}" class="${bar.kind}"/>`,
        text(left + length + 6, middle, `${bar.value.toFixed(2)}${bar.value > longest ? ' →' : ''}`, 'value'),
      )
      y += barHeight + gap
    }
    y += 14
  }
  if (parts.length === 0) return undefined
  const one = left + scale
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${y}" width="${width}" height="${y}" role="img">
<title>CPU time of a client process beside a raw baseline of the same protocol</title>
<style>
  text { font: 12px system-ui, sans-serif; fill: #1f2328 }
  .title { font-size: 14px; font-weight: 600 }
  .head { font-weight: 600 }
  .name { text-anchor: end }
  .name.ours { font-weight: 600 }
  .ours { fill: #0969da } text.ours { fill: #1f2328 }
  .by-hand { fill: #8c959f }
  .peer { fill: #d0d7de }
  .one { stroke: #cf222e; stroke-dasharray: 4 3 }
  @media (prefers-color-scheme: dark) {
    text, text.ours { fill: #e6edf3 }
    .peer { fill: #484f58 }
  }
</style>
${text(12, 20, 'CPU beside fetch + split + JSON.parse of the same protocol (red line = 1; less is better)', 'title')}
${parts.join('\n')}
<line x1="${one}" x2="${one}" y1="36" y2="${y - 10}" class="one"/>
</svg>
`
}

function text(x: number, y: number, content: string, kind: string): string {
  const escaped = content.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
  return `<text x="${x.toFixed(1)}" y="${y}" class="${kind}">${escaped}</text>`
}
