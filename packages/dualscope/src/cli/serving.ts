import { InvalidArgumentError } from 'commander'

import { CommandError, exitCode } from './errors.ts'
import { Interrupted, interruptible } from './interrupt.ts'

/** Waits for Ctrl-C or SIGTERM, which are the way to stop a server and no failure, and closes it. */
export async function untilStopped(server: { close: () => Promise<void> }): Promise<void> {
  try {
    await interruptible(stopped)
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error
  } finally {
    await server.close()
  }
}

function stopped(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason))
  })
}

/** Turns the error of a port that cannot be taken into one that says what to do. */
export function explainListenError(error: unknown, port: number): unknown {
  if (!(error instanceof Error && 'code' in error)) return error
  const taken = error.code === 'EADDRINUSE'
  return new CommandError(taken ? `Port ${port} of 127.0.0.1 is in use.` : `Cannot listen: ${error.message}`, {
    fix: taken
      ? 'Stop the program that uses it, or choose another --port; 0 takes a free one.'
      : 'Choose another --port.',
    exit: exitCode.usage,
  })
}

/** Parses a whole number of an option. */
export function whole(most: number): (value: string) => number {
  return (value) => {
    const parsed = Number(value)
    if (/^\d+$/.test(value) && parsed <= most) return parsed
    throw new InvalidArgumentError(`It must be a whole number up to ${most}.`)
  }
}
