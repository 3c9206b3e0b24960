import { ApiError, DualscopeError } from '@dualscope/core'
import { CommanderError } from 'commander'

import { CommandError } from './command-error.ts'
import { adviceFor, type Advice } from './error-advice.ts'
import { exitCode } from './exit-code.ts'
import { style } from './output/style.ts'
import { terminalLine } from './output/terminal.ts'

/** Says on stderr what went wrong, and below it what to do. No stack, no control characters, no third line. */
export function printProblem(what: string, todo: string): void {
  const { stderr } = process
  stderr.write(`${style(stderr, 'red', 'error:')} ${terminalLine(what)}\n`)
  stderr.write(`${style(stderr, 'cyan', '   do:')} ${terminalLine(todo)}\n`)
}

/** Prints an error that ends the command, and tells its exit code. */
export function printError(error: unknown): number {
  // Commander has printed its own.
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCode.done : exitCode.usage
  const { exit, todo } = adviceOn(error)
  printProblem(describe(error), todo)
  return exit
}

/** What went wrong, with what support asks for. */
export function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (!(error instanceof ApiError)) return error.message
  const { status, serviceCode, requestId } = error
  const known = [String(status), serviceCode, requestId && `request ${requestId}`].filter(Boolean)
  return `${error.message} (${known.join(', ')})`
}

export function adviceOn(error: unknown): Advice {
  if (error instanceof CommandError) return error
  if (error instanceof DualscopeError) return adviceFor[error.code]
  return { exit: exitCode.failed, todo: 'This was not foreseen: please report it, with the command and its output.' }
}
