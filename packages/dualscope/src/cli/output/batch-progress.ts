import type { BatchProgress, LineProblem } from '@dualscope/batch'

import { style, terminalLine, writeJson } from './terminal.ts'

/** Shows the progress of a batch: a line that changes on a terminal, a line every 10 s elsewhere, or lines of JSON. */
export interface BatchDisplay {
  update: (progress: BatchProgress) => void
  showProblem: (problem: LineProblem) => void
  showInterrupt: () => void
  /** Removes the line of the terminal, so that something else can be printed. */
  clear: () => void
  finish: (progress: BatchProgress) => Promise<void>
  finishInterrupted: () => Promise<void>
}

/** ms between two displays. */
const interval = { terminal: 200, plain: 10_000 }

/** Creates the display of a batch, and starts its clock. */
export function createBatchDisplay(json: boolean): BatchDisplay {
  const { stdout, stderr } = process
  const isTerminal = stderr.isTTY && !json
  const start = performance.now()
  let shown = start
  let latest: BatchProgress | undefined
  let isLineOpen = false

  function clear(): void {
    if (isLineOpen) stderr.write('\r\u001B[K')
    isLineOpen = false
  }

  function print(line: string): void {
    clear()
    stderr.write(`${line}\n`)
  }

  async function end(kind: 'summary' | 'interrupted', advice?: string): Promise<void> {
    clear()
    const seconds = (performance.now() - start) / 1000
    if (json) await writeJson(stdout, { type: kind, seconds, ...latest })
    else if (latest) print(describe(latest, seconds, false))
    if (advice !== undefined) print(advice)
  }

  return {
    clear,
    update(progress) {
      latest = progress
      const now = performance.now()
      if (now - shown < (isTerminal ? interval.terminal : interval.plain)) return
      shown = now
      const seconds = (now - start) / 1000
      if (json) void writeJson(stdout, { type: 'progress', seconds, ...progress })
      else if (!isTerminal) print(describe(progress, seconds, true))
      else {
        clear()
        stderr.write(describe(progress, seconds, true).slice(0, (stderr.columns ?? 80) - 1))
        isLineOpen = true
      }
    },
    showProblem(problem) {
      if (json) void writeJson(stdout, { type: 'problem', ...problem })
      else print(`${style(stderr, 'yellow', `line ${problem.line}:`)} ${terminalLine(problem.message)}`)
    },
    showInterrupt: () => print('Finishing the requests under way, for at most 10 s; Ctrl-C again ends at once.'),
    async finish(progress) {
      latest = progress
      await end('summary')
    },
    finishInterrupted: () => end('interrupted', 'Interrupted. Run the same command again to continue.'),
  }
}

function describe(progress: BatchProgress, seconds: number, isRunning: boolean): string {
  const { done, failed, skipped, bad, duplicates, inputTokens, outputTokens, cost, cached } = progress
  const prices = Object.entries(cost).map(([currency, total]) => `${total.toFixed(4)} ${currency}`)
  const fields = [
    `${done} done`,
    failed > 0 && `${failed} failed`,
    skipped > 0 && `${skipped} were answered before`,
    bad > 0 && `${bad} bad lines`,
    duplicates > 0 && `${duplicates} duplicates`,
    `${((done / seconds) * 60).toFixed(0)}/min`,
    `${inputTokens} + ${outputTokens} tokens`,
    cached > 0 && `${cached} of them cached`,
    prices.length > 0 && `about ${prices.join(', ')}`,
    isRunning ? `${timeLeft(progress, seconds)} left` : `in ${duration(seconds)}`,
  ]
  return fields.filter((field) => field !== false).join(', ')
}

/** Estimates the time left from bytes, because the number of lines is not known before the end. */
function timeLeft({ bytesRead, bytesTotal, bytesSkipped }: BatchProgress, seconds: number): string {
  const processed = bytesRead - bytesSkipped
  return processed > 0 ? duration((seconds * (bytesTotal - bytesRead)) / processed) : '?'
}

function duration(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`
  return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`
}
