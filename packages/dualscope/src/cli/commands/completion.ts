import addCompletion from '@bomb.sh/tab/commander'
import { knownModels } from '@dualscope/core'
import type { Command } from 'commander'

import { filesLike } from '../files-like.ts'
import { write } from '../output/terminal.ts'

type OptionHandler = (complete: (value: string, description: string) => void) => void

/** Completes the options whose values commander does not know, by the name of the option. */
const handlers: Readonly<Record<string, OptionHandler>> = {
  image: completeFiles,
  video: completeFiles,
  frames: completeFiles,
  file: completeFiles,
  schema: completeFiles,
  junit: completeFiles,
  out: completeFiles,
  files: completeFiles,
  recordings: completeFiles,
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
    .action((shell: string) =>
      write(process.stdout, quoteWords(captureScript(() => completion.setup(name, name, shell)))),
    )
}

const name = 'dualscope'

/** Returns the script that the library prints. */
function captureScript(print: () => void): string {
  // oxlint-disable no-console -- the library prints with it
  const { log } = console
  let script = ''
  console.log = (text: string) => {
    script += `${text}\n`
  }
  try {
    print()
  } finally {
    console.log = log
  }
  // oxlint-enable no-console
  return script
}

/** Quotes the words that the bash script evaluates: the Tab key must not run a `$(…)` on the command line. */
function quoteWords(script: string): string {
  return script.replace('complete -- ${words[@]:1}"', `complete -- $(printf '%q ' "\${words[@]:1}")"`)
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
