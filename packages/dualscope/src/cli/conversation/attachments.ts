import { stat } from 'node:fs/promises'
import { basename } from 'node:path'

import type { ContentPart, MediaSource } from '@dualscope/core'

import { openSource } from '../media-source.ts'
import type { Conversation } from './conversation.ts'
import { pathOf } from './typed-path.ts'

/** Adds a part to the next message, and returns a line that describes it. */
export async function attach(
  conversation: Conversation,
  typed: string,
  read: () => Promise<ContentPart>,
): Promise<string> {
  const part = await read()
  const description = await describe(typed)
  conversation.attachments.push(part)
  const count = conversation.attachments.length
  return `${description}: attached to the next message${count > 1 ? ` (${count} attachments)` : ''}.`
}

/** Opens the image or video at a typed path. */
export function openTyped(typed: string): Promise<MediaSource> {
  return openSource(pathOf(typed))
}

async function describe(typed: string): Promise<string> {
  if (/^(https?|data|oss):/i.test(typed)) return typed.slice(0, 80)
  const path = pathOf(typed)
  const { size } = await stat(path)
  const amount = size < 1_000_000 ? `${Math.ceil(size / 1000)} kB` : `${(size / 1_000_000).toFixed(1)} MB`
  return `${basename(path)} (${amount})`
}
