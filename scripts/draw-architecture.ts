// Draws docs/architecture.svg: the way of a call through the packages. `node scripts/draw-architecture.ts` writes it.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

interface Box {
  x: number
  y: number
  width: number
  title: string
  lines: readonly string[]
}

const height = 86
const boxes = {
  app: { x: 20, y: 20, width: 220, title: 'Your program', lines: ['client.chat()', 'client.stream(), runTools()'] },
  sdk: {
    x: 270,
    y: 20,
    width: 220,
    title: '@dualscope/ai-sdk',
    lines: ['generateText(), streamText()', 'of the AI SDK'],
  },
  command: { x: 520, y: 20, width: 220, title: 'dualscope', lines: ['the command', 'and the playground'] },
  core: {
    x: 20,
    y: 150,
    width: 720,
    title: '@dualscope/core',
    lines: [
      'validates the request, adapts it to the model, reads media and uploads them, sends, retries,',
      'reads the stream, checks data and tool arguments: the same code for both protocols',
    ],
  },
  compatible: {
    x: 20,
    y: 280,
    width: 345,
    title: '@dualscope/compatible',
    lines: ['a codec of pure functions', 'for chat/completions'],
  },
  dashscope: {
    x: 395,
    y: 280,
    width: 345,
    title: '@dualscope/dashscope',
    lines: ['a codec of pure functions for', 'text-generation, multimodal-generation'],
  },
  service: {
    x: 20,
    y: 410,
    width: 345,
    title: 'Model Studio',
    lines: ['kimi-k3, kimi-k2.5, qwen-plus, …', 'in seven regions'],
  },
  mock: {
    x: 395,
    y: 410,
    width: 345,
    title: '@dualscope/testing',
    lines: ['a mock of the service, network faults,', 'and the contract of every transport'],
  },
} satisfies Record<string, Box>

const arrows: readonly (readonly [keyof typeof boxes, keyof typeof boxes])[] = [
  ['app', 'core'],
  ['sdk', 'core'],
  ['command', 'core'],
  ['core', 'compatible'],
  ['core', 'dashscope'],
  ['compatible', 'service'],
  ['compatible', 'mock'],
  ['dashscope', 'service'],
  ['dashscope', 'mock'],
]

function drawBox({ x, y, width, title, lines }: Box): string {
  const texts = lines.map((line, index) => `<text x="${x + 16}" y="${y + 50 + index * 18}">${line}</text>`)
  return [
    `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="10"/>`,
    `<text class="title" x="${x + 16}" y="${y + 27}">${title}</text>`,
    ...texts,
  ].join('\n')
}

/** Draws from the bottom of one box to the top of another, as upright as their widths allow. */
function drawArrow(from: Box, to: Box): string {
  const left = Math.max(from.x, to.x)
  const right = Math.min(from.x + from.width, to.x + to.width)
  const isBelow = left < right
  const start = isBelow ? (left + right) / 2 : from.x + from.width / 2
  const end = isBelow ? start : to.x + to.width / 2
  return `<path d="M${start} ${from.y + height} L${end} ${to.y - 4}" marker-end="url(#head)"/>`
}

/** Returns the picture as SVG, for light and dark pages. */
export function drawArchitecture(): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 760 516" role="img" aria-labelledby="title description">
<title id="title">The packages of Dualscope</title>
<desc id="description">Programs, the AI SDK provider and the command call the core. It sends requests through one of two codecs to Model Studio, or to a mock of it.</desc>
<style>
text { font: 13px system-ui, sans-serif; fill: #333 }
.title { font-weight: 600; font-size: 15px; fill: #111 }
rect { fill: #f6f8fa; stroke: #8c959f }
path { fill: none; stroke: #57606a; stroke-width: 1.5 }
#head path { fill: #57606a; stroke: none }
@media (prefers-color-scheme: dark) {
  text { fill: #c9d1d9 }
  .title { fill: #f0f6fc }
  rect { fill: #161b22; stroke: #6e7681 }
  path { stroke: #8b949e }
  #head path { fill: #8b949e }
}
</style>
<defs><marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto"><path d="M0 0 L8 4 L0 8 z"/></marker></defs>
${arrows.map(([from, to]) => drawArrow(boxes[from], boxes[to])).join('\n')}
${Object.values(boxes).map(drawBox).join('\n')}
</svg>
`
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(join(import.meta.dirname, '../docs/architecture.svg'), drawArchitecture())
}
