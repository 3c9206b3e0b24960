import { ApiError, DualscopeError, type ErrorCode } from '@dualscope/core'
import { CommanderError } from 'commander'

import { adviceByCode, unexpectedAdvice } from '../advice.ts'
import { style, terminalLine } from './output/terminal.ts'

/** The exit codes of the command, for scripts; documented in the README. */
export const exitCode = {
  done: 0,
  /** The service answered with an error, or a check of `doctor` or `contract` failed; the same command fails again. */
  failed: 1,
  /** Arguments, options or files are invalid: nothing was sent. */
  usage: 2,
  /** The key is missing, malformed, refused, or not allowed to do this. */
  key: 3,
  /** A rate limit, an overload or the connection: the same command may succeed later. */
  later: 4,
  /** 128 + SIGINT */
  interrupted: 130,
  /** 128 + SIGPIPE: the reader of the output has gone. */
  pipe: 141,
  /** 128 + SIGTERM */
  terminated: 143,
} as const

/** An error of the command itself, with advice and an exit code. */
export class CommandError extends Error {
  override name = 'CommandError'
  readonly fix: string
  readonly exit: number

  constructor(message: string, details: { fix: string; exit: number }) {
    super(message)
    this.fix = details.fix
    this.exit = details.exit
  }
}

/** Creates an error about an argument, an option or a file. */
export function usageError(message: string, fix: string): CommandError {
  return new CommandError(message, { fix, exit: exitCode.usage })
}

/** The advice for an error, and the exit code. */
export interface Advice {
  exit: number
  fix: string
}

/** The exit code for each error code. */
const exitFor: Readonly<Record<ErrorCode, number>> = {
  authentication: exitCode.key,
  permission: exitCode.key,
  billing: exitCode.failed,
  'not-found': exitCode.failed,
  'invalid-request': exitCode.failed,
  'content-inspection': exitCode.failed,
  'context-length': exitCode.failed,
  'rate-limit': exitCode.later,
  overloaded: exitCode.later,
  server: exitCode.later,
  connection: exitCode.later,
  timeout: exitCode.later,
  incomplete: exitCode.later,
  protocol: exitCode.failed,
  unsupported: exitCode.usage,
  validation: exitCode.usage,
  media: exitCode.usage,
  output: exitCode.failed,
  tool: exitCode.failed,
  configuration: exitCode.usage,
}

/** Prints an error and its advice on stderr: two lines, without a stack or control characters. */
export function printProblem(message: string, fix: string): void {
  const { stderr } = process
  stderr.write(`${style(stderr, 'red', 'error:')} ${terminalLine(message)}\n`)
  stderr.write(`${style(stderr, 'cyan', '   do:')} ${terminalLine(fix)}\n`)
}

/** Prints an error that ends the command, and returns its exit code. */
export function printError(error: unknown): number {
  // Commander has printed its own error.
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCode.done : exitCode.usage
  const { exit, fix } = adviceOn(error)
  printProblem(describe(error), fix)
  return exit
}

/** Describes an error, with the details that support needs. */
export function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (!(error instanceof ApiError)) return error.message
  const { status, serviceCode, requestId } = error
  const known = [String(status), serviceCode, requestId && `request ${requestId}`].filter(Boolean)
  return `${error.message} (${known.join(', ')})`
}

/** Returns the advice for an error, and the exit code. */
export function adviceOn(error: unknown): Advice {
  if (error instanceof CommandError) return error
  if (error instanceof DualscopeError) return { exit: exitFor[error.code], fix: adviceByCode[error.code] }
  return { exit: exitCode.failed, fix: unexpectedAdvice }
}
