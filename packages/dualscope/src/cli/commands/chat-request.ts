import { text as readText } from 'node:stream/consumers'

import type { ChatRequest, ContentPart, MediaSource, Message } from '@dualscope/core'
import { fromFile } from '@dualscope/core/node'

import { CommandError } from '../command-error.ts'
import { exitCode } from '../exit-code.ts'

/** What is asked, as the options of `chat` say. */
export interface RequestFlags {
  image?: readonly string[]
  video?: readonly string[]
  frames?: readonly string[]
  fps?: number
  system?: string
  thinking?: boolean
}

function wrong(message: string, todo: string) {
  return new CommandError(message, { todo, exit: exitCode.usage })
}

/** Makes a request of the words on the command line, or of what is piped in where there are none. */
export async function readRequest(words: readonly string[], flags: RequestFlags): Promise<ChatRequest> {
  const { system, thinking } = flags
  const media = await readMedia(flags)
  const text = await readPrompt(words, media.length > 0)
  const content: ContentPart[] = text === '' ? media : [...media, { type: 'text', text }]
  const messages: Message[] = [{ role: 'user', content: media.length > 0 ? content : text }]
  if (system !== undefined) messages.unshift({ role: 'system', content: system })
  return { messages, thinking }
}

async function readPrompt(words: readonly string[], hasMedia: boolean): Promise<string> {
  const said = words.join(' ').trim()
  if (said !== '') return said
  const piped = process.stdin.isTTY ? '' : (await readText(process.stdin)).trim()
  if (piped !== '' || hasMedia) return piped
  throw wrong('There is no prompt.', 'Write it behind `dualscope chat`, in quotes, or pipe it in.')
}

async function readMedia({ image = [], video = [], frames, fps }: RequestFlags): Promise<ContentPart[]> {
  if (fps !== undefined && video.length === 0 && !frames) {
    throw wrong('--fps says how a video is sampled, and there is none.', 'Add --video or --frames, or leave --fps out.')
  }
  const parts: ContentPart[] = []
  for (const each of image) parts.push({ type: 'image', image: await source(each) })
  for (const each of video) parts.push({ type: 'video', video: await source(each), fps })
  if (frames) parts.push({ type: 'frames', frames: await Promise.all(frames.map(source)), fps })
  return parts
}

/** A URL that the service reads itself, else a file of this machine. A drive (`C:`) is no scheme. */
async function source(given: string): Promise<MediaSource> {
  return /^(https?|data|oss):/i.test(given) ? given : fromFile(given)
}
