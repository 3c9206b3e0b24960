import { lstat, realpath, stat } from 'node:fs/promises'
import { isAbsolute, join, relative, resolve, sep } from 'node:path'

import {
  type ContentPart,
  DualscopeError,
  type MediaSource,
  type Message,
  type TransportRequest,
} from '@dualscope/core'
import { fromFile } from '@dualscope/core/node'

/** Throws `configuration` if the path for `file:` names is not a folder. */
export async function checkFolder(folder: string | undefined): Promise<void> {
  if (folder === undefined || (await stat(folder)).isDirectory()) return
  throw new DualscopeError('configuration', `files: ${folder} is not a folder`)
}

/**
 * Opens the `file:` names of a request, which are relative to a folder. Throws `media` for a name outside it, for one with a
 * link in its path, and for every name if there is no folder.
 */
export async function openLocalMedia(request: TransportRequest, folder: string | undefined): Promise<TransportRequest> {
  const messages = await Promise.all(request.messages.map((message) => openMessage(message, folder)))
  return { ...request, messages }
}

async function openMessage(message: Message, folder: string | undefined): Promise<Message> {
  if (message.role !== 'user' || !Array.isArray(message.content)) return message
  const parts = message.content as readonly ContentPart[]
  return { ...message, content: await Promise.all(parts.map((part) => openPart(part, folder))) }
}

async function openPart(part: ContentPart, folder: string | undefined): Promise<ContentPart> {
  if (part.type === 'image') return { ...part, image: await openSource(part.image, folder) }
  if (part.type === 'video') return { ...part, video: await openSource(part.video, folder) }
  if (part.type !== 'frames' || !Array.isArray(part.frames)) return part
  const sources = part.frames as readonly MediaSource[]
  return { ...part, frames: await Promise.all(sources.map((source) => openSource(source, folder))) }
}

async function openSource(source: MediaSource, folder: string | undefined): Promise<MediaSource> {
  if (typeof source !== 'string' || !/^file:/i.test(source)) return source
  if (folder === undefined) throw new DualscopeError('media', `${source}: local files need a folder (--files DIR)`)
  return fromFile(await resolveInside(source, folder))
}

async function resolveInside(source: string, folder: string): Promise<string> {
  const root = await realpath(folder)
  const name = decodeName(source)
  const path = resolve(root, name)
  const inside = relative(root, path)
  if (inside === '' || inside === '..' || inside.startsWith(`..${sep}`) || isAbsolute(inside)) {
    throw new DualscopeError('media', `${source}: is outside ${folder}`)
  }
  let place = root
  for (const step of inside.split(sep)) {
    place = join(place, step)
    const stats = await lstat(place).catch((error: unknown) => {
      const { message } = error as Error
      throw new DualscopeError('media', `${source}: cannot be read: ${message}`, { cause: error })
    })
    if (stats.isSymbolicLink()) throw new DualscopeError('media', `${source}: is a link, or has one in its path`)
  }
  return path
}

/** Accepts `file:name`, `file:./name` and `file:///folder/name`; percent signs that encode nothing are kept. */
function decodeName(source: string): string {
  const name = source.slice('file:'.length).replace(/^\/\/(?=\/)/, '')
  try {
    return decodeURIComponent(name)
  } catch {
    return name
  }
}
