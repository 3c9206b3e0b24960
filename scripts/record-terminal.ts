// Records docs/terminal.svg: the command in a real terminal, against its mock. `node scripts/record-terminal.ts` writes it, and
// needs the util-linux command `script`.
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

import xterm, { type IBufferCell, type IBufferLine } from '@xterm/headless'

const columns = 110
const root = join(import.meta.dirname, '..')
const cli = join(root, 'packages/dualscope/src/cli.ts')
const image = join(root, 'examples/media/house.png')

const recorded = [
  ['chat', 'Who are you?', '--mock', '--thinking'],
  ['chat', 'What is on it?', '--image', image, '--mock', '--protocol', 'dashscope'],
  ['models'],
] as const

/** Runs a command in a pseudo-terminal. Returns what a user sees, escapes included. */
function record(args: readonly string[]): string {
  const command = [process.execPath, cli, ...args].map((word) => `'${word}'`).join(' ')
  const { status, stdout, stderr } = spawnSync('script', ['-qec', `stty cols ${columns}; ${command}`, '/dev/null'], {
    encoding: 'utf8',
    env: { ...process.env, DASHSCOPE_API_KEY: '', FORCE_COLOR: '1', TERM: 'xterm-256color', NO_COLOR: undefined },
  })
  if (status !== 0) throw new Error(`${args.join(' ')} exited with ${status}: ${stdout}${stderr}`)
  return stdout
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

// The colours of the command, by their number in a terminal.
const colors: Readonly<Record<number, string>> = { 1: 'red', 2: 'green', 3: 'yellow', 4: 'blue', 6: 'cyan' }

function classOf(cell: IBufferCell): string {
  const color = cell.isFgPalette() ? colors[cell.getFgColor()] : undefined
  return [cell.isBold() ? 'bold' : '', cell.isDim() ? 'dim' : '', color ?? ''].filter(Boolean).join(' ')
}

/** Draws a line of a screen: a run of cells of one style is one piece. */
function drawLine(line: IBufferLine): string {
  const runs: { style: string; text: string }[] = []
  for (let x = 0; x < line.length; x += 1) {
    const cell = line.getCell(x)
    if (!cell || cell.getWidth() === 0) continue
    const style = classOf(cell)
    const last = runs.at(-1)
    if (last?.style === style) last.text += cell.getChars() || ' '
    else runs.push({ style, text: cell.getChars() || ' ' })
  }
  return runs.map(({ style, text }) => `<tspan class="${style}">${escapeXml(text)}</tspan>`).join('')
}

/** Shows output on a screen, and draws its lines as they are at the end. */
async function drawScreen(output: string): Promise<string[]> {
  const terminal = new xterm.Terminal({ cols: columns, rows: 50, allowProposedApi: true, convertEol: true })
  await new Promise<void>((resolve) => terminal.write(output, resolve))
  const { active } = terminal.buffer
  const lines = Array.from({ length: active.length }, (_, y) => active.getLine(y))
  const last = lines.findLastIndex((line) => line?.translateToString(true) !== '')
  return lines.slice(0, last + 1).map((line) => (line ? drawLine(line) : ''))
}

/** Draws lines that appear one after the other, and stay. */
function drawTerminal(lines: readonly { text: string; typed: boolean }[]): string {
  let delay = 0
  const texts = lines.map(({ text, typed }, index) => {
    delay += typed ? 1.2 : 0.06
    const y = 34 + index * 19
    return `<text x="16" y="${y}" xml:space="preserve" style="animation-delay:${delay.toFixed(2)}s">${text}</text>`
  })
  const height = 34 + lines.length * 19
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 900 ${height}" role="img" aria-label="The command of Dualscope in a terminal">
<style>
text { font: 13px ui-monospace, Menlo, Consolas, monospace; fill: #e6edf3; opacity: 0; animation: show 0.01s forwards }
@keyframes show { to { opacity: 1 } }
@media (prefers-reduced-motion: reduce) { text { animation: none; opacity: 1 } }
.bold { font-weight: 600 } .dim { fill: #8b949e } .red { fill: #ff7b72 } .green { fill: #7ee787 } .yellow { fill: #e3b341 } .cyan { fill: #79c0ff }
</style>
<rect width="900" height="${height}" rx="10" fill="#0d1117"/>
${texts.join('\n')}
</svg>
`
}

const lines: { text: string; typed: boolean }[] = []
for (const args of recorded) {
  const shown = args.map((word) => (word.includes(' ') ? `"${word}"` : word.replace(image, 'house.png')))
  const [command = ''] = await drawScreen(`\u001B[32m$\u001B[39m dualscope ${shown.join(' ')}`)
  const output = await drawScreen(record(args))
  lines.push({ text: command, typed: true }, ...output.map((text) => ({ text, typed: false })), {
    text: '',
    typed: false,
  })
}
writeFileSync(join(root, 'docs/terminal.svg'), drawTerminal(lines))
