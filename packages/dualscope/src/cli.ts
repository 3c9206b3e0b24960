#!/usr/bin/env node
import { createProgram } from './cli/program.ts'
import { exitCode } from './cli/exit-code.ts'
import { Interrupted } from './cli/interrupt.ts'
import { printError, printProblem } from './cli/errors.ts'

for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    // Whoever read the output has left (`dualscope … | head -1`): nothing more to do, and nothing to complain of.
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
