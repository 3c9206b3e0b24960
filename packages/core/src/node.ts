/**
 * Local files as media. It needs the modules of Node, which Deno and Bun have too.
 *
 * @module @dualscope/core/node
 */

import { openAsBlob } from 'node:fs'
import { access, constants, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'

import { DualscopeError } from './errors.ts'

/**
 * Opens a local file as an image or a video of a message, by a path or a `file:` URL. Its bytes stay on disk until they are
 * sent. Throws `media` with the path for a file that is missing, unreadable or a directory.
 *
 * @param options.type - the MIME type; by default the one of the file's name, else of its first bytes.
 *
 * @example
 * ```ts
 * const image = await fromFile('photos/eagle.png')
 * await client.chat({ messages: [{ role: 'user', content: [{ type: 'image', image }] }] })
 * ```
 */
export async function fromFile(path: string | URL, options: { type?: string | undefined } = {}): Promise<File> {
  const { type = '' } = options
  try {
    const name = path instanceof URL || path.startsWith('file:') ? fileURLToPath(path) : path
    const stats = await stat(name)
    if (!stats.isFile()) throw new TypeError(stats.isDirectory() ? 'it is a directory' : 'it is not a regular file')
    // openAsBlob() takes the size modulo 2^32, and would send a part of the file without a word.
    if (stats.size >= 2 ** 32) throw new TypeError('files of 4 GiB or more cannot be sent; pass a URL instead')
    await access(name, constants.R_OK)
    return new File([await openAsBlob(name, { type })], basename(name), { type })
  } catch (error) {
    throw new DualscopeError('media', `Cannot read ${String(path)}: ${(error as Error).message}`, { cause: error })
  }
}
