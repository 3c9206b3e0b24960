import { existsSync, fstatSync } from 'node:fs'
import { text as readStream } from 'node:stream/consumers'

import type { ContentPart, UserMessage } from '@dualscope/core'

import { usageError } from '../errors.ts'
import { openSource } from '../media-source.ts'
import { readTextFile } from '../text-file.ts'
import type { ContentFlags } from './chat-options.ts'

/** Creates a message from the words on the command line and the piped input, with a blank line between them. */
export async function readMessage(words: readonly string[], flags: ContentFlags): Promise<UserMessage> {
  const { frames, prompt } = separatePrompt(flags.frames, words)
  const parts = await readParts({ ...flags, frames })
  return createMessage(parts, await readPrompt(prompt, parts.length > 0))
}

/** Creates a message from parts and a text; either may be empty. */
export function createMessage(parts: readonly ContentPart[], text: string): UserMessage {
  if (parts.length === 0) return { role: 'user', content: text }
  return { role: 'user', content: text === '' ? parts : [...parts, { type: 'text', text }] }
}

/** Opens the files of the options. */
export async function readParts(flags: ContentFlags): Promise<ContentPart[]> {
  const { image = [], video = [], frames, fps, file = [] } = flags
  if (fps !== undefined && video.length === 0 && !frames) {
    throw usageError('--fps needs a video.', 'Add --video or --frames, or remove --fps.')
  }
  const parts: ContentPart[] = []
  for (const path of file) parts.push(await readTextFile(path))
  for (const each of image) parts.push({ type: 'image', image: await openSource(each) })
  for (const each of video) parts.push({ type: 'video', video: await openSource(each), fps })
  if (frames) parts.push({ type: 'frames', frames: await Promise.all(frames.map(openSource)), fps })
  return parts
}

async function readPrompt(words: readonly string[], hasParts: boolean): Promise<string> {
  const argument = words.join(' ').trim()
  if (argument !== '' && !isPiped()) return argument
  const piped = process.stdin.isTTY ? '' : (await readStream(process.stdin)).trim()
  const prompt = [argument, piped].filter((text) => text !== '').join('\n\n')
  if (prompt !== '' || hasParts) return prompt
  throw usageError('The prompt is missing.', 'Write it after `dualscope chat`, in quotes, or pipe it in.')
}

/** Whether the input is a pipe or a file. Any other input, which a parent process left open, may never end. */
function isPiped(): boolean {
  const input = fstatSync(process.stdin.fd)
  return input.isFIFO() || input.isFile()
}

/** Takes a prompt out of the values of `--frames`, which collects every word that follows it. */
function separatePrompt(
  frames: readonly string[] | undefined,
  words: readonly string[],
): { frames: readonly string[] | undefined; prompt: readonly string[] } {
  if (!frames || words.length > 0) return { frames, prompt: words }
  const end = frames.findLastIndex((value) => !isProse(value)) + 1
  return { frames: frames.slice(0, end), prompt: frames.slice(end) }
}

/** Whether a word is neither a URL nor a file, nor looks like the name of one. */
function isProse(value: string): boolean {
  return !/^(https?|data|oss):|[/\\]|\.\w{2,5}$/i.test(value) && !existsSync(value)
}
