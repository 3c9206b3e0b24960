import { exitCode } from './errors.ts'

/** The user, or the system, asked the command to end. The reason of an aborted call. */
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
 * Runs something that Ctrl-C and SIGTERM abort by its signal, so that it can clean up and say what there is to say. A second
 * Ctrl-C ends the process at once.
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
