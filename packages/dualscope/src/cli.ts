#!/usr/bin/env node
import { createProgram } from './cli/program.ts'
import { exitCode } from './cli/exit-code.ts'
import { Interrupted } from './cli/interrupt.ts'
import { printError } from './cli/print-error.ts'

// Whoever read the output has left (`dualscope … | head -1`): nothing more to do, and nothing to complain of.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  process.exit(exitCode.pipe)
})

try {
  await createProgram().parseAsync()
} catch (error) {
  process.exitCode = error instanceof Interrupted ? error.exit : printError(error)
}
