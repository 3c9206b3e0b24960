import { exitCode, printError, printProblem } from './errors.ts'
import { Interrupted } from './interrupt.ts'
import { createProgram } from './program.ts'

/** Runs the command line, and sets the exit code of the process. */
export async function main(): Promise<void> {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      // The reader of the output has gone (`dualscope … | head -1`), so there is nothing left to do.
      if (error.code === 'EPIPE') process.exit(exitCode.pipe)
      if (stream === process.stdout) printProblem(`Cannot write: ${error.message}`, 'Check where the output goes.')
      process.exit(exitCode.failed)
    })
  }
  try {
    await createProgram().parseAsync()
  } catch (error) {
    process.exitCode = error instanceof Interrupted ? error.exit : printError(error)
  }
}
