import { openAsBlob } from 'node:fs'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'

import { DualscopeError } from './errors.ts'

/**
 * A file of this machine as an image or a video of a message. Its bytes stay on disk until they are sent. A file that is
 * missing or unreadable is a `media` error that names it.
 */
export async function fromFile(path: string | URL, options: { type?: string | undefined } = {}): Promise<File> {
  const name = path instanceof URL || path.startsWith('file:') ? fileURLToPath(path) : path
  const { type = '' } = options
  try {
    const blob = await openAsBlob(name, { type })
    return new File([blob], basename(name), { type })
  } catch (error) {
    throw new DualscopeError('media', `Cannot read ${name}`, { cause: error })
  }
}
