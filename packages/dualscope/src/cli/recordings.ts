import type { NamedRecording } from '@dualscope/testing/recorder'
import { InvalidArgumentError } from 'commander'

import { CommandError, exitCode } from './errors.ts'

/** Reads the recordings of a folder. */
export async function openRecordings(folder: string): Promise<NamedRecording[]> {
  const { readRecordings } = await import('@dualscope/testing/recorder')
  const found = await readRecordings(folder).catch((error: unknown) => {
    throw new CommandError(`Cannot read the recordings of ${folder}: ${(error as Error).message}`, {
      fix: 'Name a folder that `dualscope record --out` has written.',
      exit: exitCode.usage,
    })
  })
  if (found.length > 0) return found
  throw new CommandError(`${folder} holds no recordings.`, {
    fix: `Record some with \`dualscope record --out ${folder}\`.`,
    exit: exitCode.usage,
  })
}

/** Parses the address of a service. */
export function parseAddress(value: string): string {
  const url = URL.canParse(value) ? new URL(value) : undefined
  if (url && /^https?:$/.test(url.protocol) && !url.search && !url.username) return value
  throw new InvalidArgumentError('It must be a URL that begins with https:// or http://.')
}
