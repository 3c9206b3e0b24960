import type { BatchProgress, LineProblem } from '@dualscope/batch'

import { formatMoney } from './money.ts'
import { style, terminalLine, writeJson } from './terminal.ts'

/** Shows the progress of a batch: a line that changes on a terminal, a line every 10 s elsewhere, or lines of JSON. */
export interface BatchDisplay {
  update: (progress: BatchProgress) => void
  showProblem: (problem: LineProblem) => void
  /** Shows a message for the user. */
  showNotice: (message: string) => void
  /** Shows the summary in the end, and what to do then. */
  finish: (kind: 'summary' | 'interrupted' | 'stopped', advice?: string) => Promise<void>
}

/** ms between two displays. */
const interval = { terminal: 200, plain: 10_000 }

/** Creates the display of a batch, and starts its clock, which `finish` stops. */
export function createBatchDisplay(json: boolean): BatchDisplay {
  const { stdout, stderr } = process
  const isTerminal = stderr.isTTY && !json
  const start = performance.now()
  let latest: BatchProgress | undefined
  let isLineOpen = false
  // Answers may take minutes, so the display does not wait for them.
  const timer = setInterval(show, isTerminal ? interval.terminal : interval.plain)

  function secondsSoFar(): number {
    return (performance.now() - start) / 1000
  }

  function clear(): void {
    if (isLineOpen) stderr.write('\r\u001B[K')
    isLineOpen = false
  }

  function print(line: string): void {
    clear()
    stderr.write(`${line}\n`)
  }

  function show(): void {
    if (!latest) return
    const seconds = secondsSoFar()
    if (json) void writeJson(stdout, { type: 'progress', seconds, ...latest })
    else if (!isTerminal) print(describe(latest, seconds, true))
    else {
      clear()
      stderr.write(describe(latest, seconds, true).slice(0, (stderr.columns ?? 80) - 1))
      isLineOpen = true
    }
  }

  return {
    update(progress) {
      latest = progress
    },
    showProblem(problem) {
      if (json) void writeJson(stdout, { type: 'problem', ...problem })
      else print(`${style(stderr, 'yellow', `line ${problem.line}:`)} ${terminalLine(problem.message)}`)
    },
    showNotice: (message) => print(terminalLine(message)),
    async finish(kind, advice) {
      clearInterval(timer)
      clear()
      if (json) await writeJson(stdout, { type: kind, seconds: secondsSoFar(), ...latest })
      else if (latest) print(describe(latest, secondsSoFar(), false))
      if (advice !== undefined) print(advice)
    },
  }
}

function describe(progress: BatchProgress, seconds: number, isRunning: boolean): string {
  const { done, failed, skipped, failedBefore, bad, duplicates, inputTokens, outputTokens, cost, cached } = progress
  const prices = Object.entries(cost).map(([currency, total]) => formatMoney(total, currency))
  // The end of the line is lost on a narrow terminal.
  const fields = [
    `${done} done`,
    failed > 0 && `${failed} of them failed`,
    `${((done / seconds) * 60).toFixed(0)}/min`,
    isRunning ? `${timeLeft(progress, seconds)} left` : `in ${duration(seconds)}`,
    prices.length > 0 && `about ${prices.join(', ')}`,
    `${inputTokens} + ${outputTokens} tokens`,
    cached > 0 && `${cached} of them cached`,
    skipped > 0 && `${skipped} were answered before`,
    failedBefore > 0 && `${failedBefore} failed before`,
    bad > 0 && count(bad, 'bad line'),
    duplicates > 0 && count(duplicates, 'duplicate'),
  ]
  return fields.filter((field) => field !== false).join(', ')
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}

/** Estimates the time left from bytes, because the number of lines is not known before the end. */
function timeLeft({ bytesDone, bytesTotal, bytesSkipped }: BatchProgress, seconds: number): string {
  const processed = bytesDone - bytesSkipped
  return processed > 0 && bytesTotal > 0 ? duration((seconds * (bytesTotal - bytesDone)) / processed) : '?'
}

function duration(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`
  return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`
}
