import { fstatSync } from 'node:fs'
import { text as readText } from 'node:stream/consumers'

import type { ChatRequest, ContentPart, MediaSource, Message } from '@dualscope/core'
import { fromFile } from '@dualscope/core/node'

import { CommandError, exitCode } from '../errors.ts'

/** The options of `chat` that make up a request. */
export interface RequestFlags {
  image?: readonly string[]
  video?: readonly string[]
  frames?: readonly string[]
  fps?: number
  system?: string
  thinking?: boolean
}

function usageError(message: string, fix: string) {
  return new CommandError(message, { fix, exit: exitCode.usage })
}

/** Creates a request from the words on the command line and what is piped in, with a blank line between them. */
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
  const argument = words.join(' ').trim()
  if (argument !== '' && !isPiped()) return argument
  const piped = process.stdin.isTTY ? '' : (await readText(process.stdin)).trim()
  const prompt = [argument, piped].filter((text) => text !== '').join('\n\n')
  if (prompt !== '' || hasMedia) return prompt
  throw usageError('The prompt is missing.', 'Write it after `dualscope chat`, in quotes, or pipe it in.')
}

/** Whether a shell gave the input a pipe or a file. What programs leave open beside a prompt may never end. */
function isPiped(): boolean {
  const input = fstatSync(process.stdin.fd)
  return input.isFIFO() || input.isFile()
}

async function readMedia({ image = [], video = [], frames, fps }: RequestFlags): Promise<ContentPart[]> {
  if (fps !== undefined && video.length === 0 && !frames) {
    throw usageError('--fps needs a video.', 'Add --video or --frames, or remove --fps.')
  }
  const parts: ContentPart[] = []
  for (const each of image) parts.push({ type: 'image', image: await source(each) })
  for (const each of video) parts.push({ type: 'video', video: await source(each), fps })
  if (frames) parts.push({ type: 'frames', frames: await Promise.all(frames.map(source)), fps })
  return parts
}

/** Returns a URL that the service reads itself, else a local file. A drive letter (`C:`) is not a scheme. */
async function source(value: string): Promise<MediaSource> {
  return /^(https?|data|oss):/i.test(value) ? value : fromFile(value)
}
