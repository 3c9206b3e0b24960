import { ApiError, DualscopeError, type ErrorCode } from '@dualscope/core'
import { CommanderError } from 'commander'

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

/** An error of the command itself, with what to do and its exit code. */
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

const key = exitCode.key
const later = exitCode.later
const usage = exitCode.usage
const failed = exitCode.failed

const unreachable = 'Check the network, --base-url and the proxy; `dualscope doctor` tests each step.'

/** The advice for each error code. */
const adviceFor: Readonly<Record<ErrorCode, Advice>> = {
  authentication: { exit: key, fix: 'Check DASHSCOPE_API_KEY and --region: a key belongs to one region.' },
  permission: {
    exit: key,
    fix: 'Give the key access to this model, or name its --workspace, in the Model Studio console.',
  },
  billing: { exit: failed, fix: 'See billing and free quota in the Model Studio console.' },
  'not-found': {
    exit: failed,
    fix: 'Choose another --model: `dualscope models` lists them; some are available in one --region only.',
  },
  'invalid-request': {
    exit: failed,
    fix: 'Change the request as the service says; `dualscope models` shows what a model supports.',
  },
  'content-inspection': {
    exit: failed,
    fix: 'The service blocked the content: use other words, or another image.',
  },
  'context-length': { exit: failed, fix: 'Shorten the prompt: `dualscope models` shows how much a model reads.' },
  'rate-limit': { exit: later, fix: 'Wait a minute, or ask for a higher limit in the Model Studio console.' },
  overloaded: { exit: later, fix: 'The service is busy: try again in a while.' },
  server: {
    exit: later,
    fix: 'The service failed: try again; if it keeps failing, give Alibaba Cloud support the request id.',
  },
  connection: { exit: later, fix: unreachable },
  timeout: { exit: later, fix: unreachable },
  incomplete: { exit: later, fix: 'The answer was interrupted: try again.' },
  protocol: { exit: failed, fix: 'The response is not from Model Studio: check --base-url and any proxy.' },
  unsupported: { exit: usage, fix: 'Remove it, or try another --protocol or --model.' },
  validation: { exit: usage, fix: 'See `dualscope chat --help`.' },
  media: { exit: usage, fix: 'Check that the file exists, is an image or a video, and is not too large.' },
  output: { exit: failed, fix: 'Try again: the answer does not match the schema.' },
  tool: { exit: failed, fix: 'Try again, or change the tool.' },
  configuration: { exit: usage, fix: 'Correct the option, or the environment variable that it is read from.' },
}

/** Prints an error and what to do about it on stderr: two lines, without a stack or control characters. */
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

/** Describes an error, with the details that support asks for. */
export function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (!(error instanceof ApiError)) return error.message
  const { status, serviceCode, requestId } = error
  const known = [String(status), serviceCode, requestId && `request ${requestId}`].filter(Boolean)
  return `${error.message} (${known.join(', ')})`
}

/** Returns what to do about an error, and the exit code. */
export function adviceOn(error: unknown): Advice {
  if (error instanceof CommandError) return error
  if (error instanceof DualscopeError) return adviceFor[error.code]
  return { exit: exitCode.failed, fix: 'Unexpected error. Please report it, with the command and its output.' }
}
