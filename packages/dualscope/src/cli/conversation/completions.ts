import type { CompleterResult } from 'node:readline'

import { filesLike } from '../files-like.ts'
import { slashCommands } from './slash-commands.ts'

/** Completes a line: the name of a command, else the argument of one. */
export function completeLine(line: string): CompleterResult {
  if (!line.startsWith('/')) return [[], line]
  const [, name, argument] = /^(\/\S*)(?:\s+(.*))?$/.exec(line) ?? []
  if (name === undefined) return [[], line]
  if (argument === undefined && !line.endsWith(' ')) {
    return [
      startingWith(
        slashCommands.map((command) => `/${command.name} `),
        name,
      ),
      name,
    ]
  }
  const typed = argument ?? ''
  const command = slashCommands.find((each) => `/${each.name}` === name)
  const values = command?.complete === 'file' ? filesLike(typed) : startingWith(command?.complete ?? [], typed)
  return [values, typed]
}

function startingWith(values: readonly string[], typed: string): string[] {
  return values.filter((value) => value.startsWith(typed))
}
