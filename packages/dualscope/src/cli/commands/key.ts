import { createTemporaryKey } from '@dualscope/core'
import { Command } from 'commander'

import { requireKey } from '../access.ts'
import { addPlaceOptions, type PlaceFlags } from '../connection-options.ts'
import { interruptible } from '../interrupt.ts'
import { style, write, writeJson } from '../output/terminal.ts'
import { wholeNumber } from '../whole-number.ts'

interface KeyFlags extends PlaceFlags {
  expires: number
  json?: boolean
}

/** `dualscope key`: creates a temporary key for a page or an app. */
export function keyCommand(): Command {
  const command = new Command('key').description(
    'create a temporary key from the one in the environment, for a page or an app: it goes to stdout',
  )
  return addPlaceOptions(command.option('--expires <seconds>', 'its lifetime, 1 to 1800 s', wholeNumber(1, 1800), 60))
    .option('--json', 'print the key and when it expires as one line of JSON')
    .action((flags: KeyFlags) => interruptible((signal) => createKey(flags, signal)))
}

async function createKey(flags: KeyFlags, signal: AbortSignal): Promise<void> {
  requireKey()
  const { region, workspace, baseUrl, expires, json } = flags
  const created = await createTemporaryKey({ region, workspace, baseUrl, expiresIn: expires, signal })
  const { stdout, stderr } = process
  if (json) return writeJson(stdout, created)
  await write(stdout, `${created.key}\n`)
  await write(stderr, `${style(stderr, 'dim', `expires at ${created.expiresAt.toISOString()}`)}\n`)
}
