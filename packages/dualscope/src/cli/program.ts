import { Command } from 'commander'

import manifest from '../../package.json' with { type: 'json' }
import { batchCommand } from './commands/batch.ts'
import { chatCommand } from './commands/chat.ts'
import { addCompletionCommand } from './commands/completion.ts'
import { contractCommand } from './commands/contract.ts'
import { doctorCommand } from './commands/doctor.ts'
import { driftCommand } from './commands/drift.ts'
import { keyCommand } from './commands/key.ts'
import { mockCommand } from './commands/mock.ts'
import { modelsCommand } from './commands/models.ts'
import { playgroundCommand } from './commands/playground.ts'
import { recordCommand } from './commands/record.ts'
import { printProblem } from './errors.ts'

const environment = `
Environment:
  DASHSCOPE_API_KEY   the key of Model Studio
  DASHSCOPE_BASE_URL  the address of the service, such as that of \`dualscope mock\`
  DUALSCOPE_MODEL     the default model
  DUALSCOPE_PROTOCOL  compatible, dashscope, or both with a comma: fallback order
  NO_COLOR            no colours

Exit codes:
  0  done
  1  the service answered with an error, or a check failed
  2  arguments, options or files are invalid; nothing was sent
  3  the key is missing, malformed, refused or not allowed to do this
  4  rate-limited, overloaded or unreachable: the same command may succeed later
  130, 141, 143  ended by Ctrl-C, by a closed pipe, by SIGTERM`

/** Creates the command line with every subcommand. */
export function createProgram(): Command {
  const program = new Command('dualscope')
    .description('Kimi on Alibaba Cloud Model Studio, over either of its two protocols.')
    .version(manifest.version)
    // Commander needs it here too for the options of `batch worker`.
    .enablePositionalOptions()
    .addHelpText('after', environment)
    .addCommand(chatCommand())
    .addCommand(batchCommand())
    .addCommand(modelsCommand())
    .addCommand(doctorCommand())
    .addCommand(keyCommand())
    .addCommand(mockCommand())
    .addCommand(playgroundCommand())
    .addCommand(contractCommand())
    .addCommand(recordCommand())
    .addCommand(driftCommand())
  addCompletionCommand(program)
  for (const command of [program, ...program.commands, ...program.commands.flatMap(({ commands }) => commands)]) {
    command.exitOverride().configureOutput({ outputError: (text) => printUsageError(text, command) })
  }
  return program
}

/** Prints an error of commander in the form of all errors. Its suggestion, if there is one, becomes the advice. */
function printUsageError(text: string, command: Command): void {
  const [what = '', suggestion] = text.trim().split('\n')
  const help = `See \`${fullName(command)} --help\`.`
  const advice = suggestion?.replace(/^\((.*)\)$/, '$1') ?? suggestChat(what) ?? help
  printProblem(what.replace(/^error: /, ''), advice)
}

function fullName(command: Command): string {
  return command.parent ? `${fullName(command.parent)} ${command.name()}` : command.name()
}

/** A word that resembles no command is probably a prompt. */
function suggestChat(what: string): string | undefined {
  const prompt = /unknown command '([^]*)'/.exec(what)?.[1]
  return prompt === undefined ? undefined : `To send a prompt: dualscope chat ${JSON.stringify(prompt)}`
}
