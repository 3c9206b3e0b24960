import { Option } from 'commander'

import { CommandError, exitCode } from './errors.ts'
import { Interrupted, interruptible } from './interrupt.ts'
import { wholeNumber } from './whole-number.ts'

/** Creates the option for the port of a server on this machine. */
export function portOption(port: number): Option {
  return new Option('--port <number>', 'the port; 0 takes a free one').argParser(wholeNumber(0, 65_535)).default(port)
}

/** Waits until the command is interrupted: Ctrl-C is the way to stop a server, not a failure. */
export async function untilInterrupted(): Promise<void> {
  try {
    await interruptible(waitForAbort)
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error
  }
}

function waitForAbort(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
}

/** Turns the error of a server that cannot listen into a `CommandError` with advice. */
export function explainListenError(error: unknown, port: number): unknown {
  if (!(error instanceof Error && 'syscall' in error && error.syscall === 'listen' && 'code' in error)) return error
  const isTaken = error.code === 'EADDRINUSE'
  return new CommandError(isTaken ? `Port ${port} of 127.0.0.1 is in use.` : `Cannot listen: ${error.message}`, {
    fix: isTaken
      ? 'Stop the program that uses it, or choose another --port; 0 takes a free one.'
      : 'Choose another --port.',
    exit: exitCode.usage,
  })
}
