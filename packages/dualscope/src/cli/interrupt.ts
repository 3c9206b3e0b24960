import { exitCode } from './errors.ts'

/** The reason of an aborted call: the user or the system ends the command. */
export class Interrupted extends Error {
  override name = 'Interrupted'
  readonly exit: number

  constructor(exit: number) {
    super('Interrupted')
    this.exit = exit
  }
}

const signals = [
  ['SIGINT', exitCode.interrupted],
  ['SIGTERM', exitCode.terminated],
] as const

/**
 * Runs a function whose signal Ctrl-C and SIGTERM abort, so that it can clean up and report. A second Ctrl-C ends the process at
 * once.
 */
export async function interruptible<T>(run: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController()
  const listeners = signals.map(([name, exit]) => {
    const listener = () => controller.abort(new Interrupted(exit))
    process.once(name, listener)
    return () => process.off(name, listener)
  })
  try {
    return await run(controller.signal)
  } finally {
    for (const stop of listeners) stop()
  }
}
