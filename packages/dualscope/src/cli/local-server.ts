import { InvalidArgumentError, Option } from 'commander'

import { CommandError, exitCode } from './errors.ts'
import { Interrupted } from './interrupt.ts'

/** Creates the option for the port of a server on this machine. */
export function portOption(port: number): Option {
  return new Option('--port <number>', 'the port; 0 takes a free one').argParser(wholeNumber(65_535)).default(port)
}

/** Creates a parser of whole numbers up to a limit. */
export function wholeNumber(most: number): (value: string) => number {
  return (value) => {
    const parsed = Number(value)
    if (/^\d+$/.test(value) && parsed <= most) return parsed
    throw new InvalidArgumentError(`It must be a whole number up to ${most}.`)
  }
}

/** Waits for the signal, and rejects with its reason. */
export function stopped(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason))
  })
}

/** Waits for a server to be interrupted: Ctrl-C is the way to stop it, not a failure. */
export async function ignoreInterruption(running: Promise<never>): Promise<void> {
  try {
    await running
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error
  }
}

/** Turns the error of a server that cannot listen into one with advice. */
export function explainListenError(error: unknown, port: number): unknown {
  if (!(error instanceof Error && 'code' in error)) return error
  const isTaken = error.code === 'EADDRINUSE'
  return new CommandError(isTaken ? `Port ${port} of 127.0.0.1 is in use.` : `Cannot listen: ${error.message}`, {
    fix: isTaken
      ? 'Stop the program that uses it, or choose another --port; 0 takes a free one.'
      : 'Choose another --port.',
    exit: exitCode.usage,
  })
}
