import addCompletion from '@bomb.sh/tab/commander'
import { knownModels } from '@dualscope/core'
import type { Command } from 'commander'

import { filesLike } from '../files-like.ts'

type OptionHandler = (complete: (value: string, description: string) => void) => void

/** The values of options that commander does not know, by the name of the option. */
const handlers: Readonly<Record<string, OptionHandler>> = {
  image: completeFiles,
  video: completeFiles,
  frames: completeFiles,
  file: completeFiles,
  schema: completeFiles,
  junit: completeFiles,
  model: (complete) => knownModels.forEach(({ id, retired }) => complete(id, retired ? 'taken offline' : '')),
  protocol: (complete) => ['compatible', 'dashscope'].forEach((name) => complete(name, '')),
}

/** Adds `dualscope completion`, and the command `complete` that its scripts call. */
export function addCompletionCommand(program: Command): void {
  const completion = addCompletion(program, { completionCommandName: 'completion' })
  for (const command of completion.commands.values()) {
    for (const [name, option] of command.options) {
      const handler = handlers[name]
      if (handler) option.handler = handler
    }
  }
  program.commands
    .find((command) => command.name() === 'completion')
    ?.description('print a script that completes commands and options, for bash, zsh, fish or powershell')
    .addHelpText('after', examples)
}

const examples = `
Examples:
  echo 'source <(dualscope completion bash)' >> ~/.bashrc    needs the package bash-completion
  echo 'source <(dualscope completion zsh)' >> ~/.zshrc
  dualscope completion fish > ~/.config/fish/completions/dualscope.fish`

/** Completes the last word of the command line as a path. */
function completeFiles(complete: Parameters<OptionHandler>[0]): void {
  filesLike(process.argv.at(-1) ?? '').forEach((path) => complete(path, ''))
}
