import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'

import type { ContentPart, MediaSource, Message } from '@dualscope/core'
import envPaths from 'env-paths'
import { z } from 'zod'

import { CommandError, exitCode, usageError } from '../errors.ts'
import { openSource, sourceName } from '../media-source.ts'
import { type Conversation, protocolChoices } from './conversation.ts'

/** Returns the folder of the last conversation and the input lines. */
export function dataFolder(): string {
  return envPaths('dualscope', { suffix: '' }).data
}

/** Returns the file of the last conversation. */
export function lastConversation(): string {
  return join(dataFolder(), 'last-conversation.json')
}

const source = z.string()
const fps = z.number().optional()
const part = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text'), text: z.string() }),
  z.object({ type: z.literal('image'), image: source }),
  z.object({ type: z.literal('video'), video: source, fps }),
  z.object({ type: z.literal('frames'), frames: z.array(source), fps }),
])
const message = z.discriminatedUnion('role', [
  z.object({ role: z.literal('user'), content: z.union([z.string(), z.array(part)]) }),
  z.object({ role: z.literal('assistant'), content: z.string(), reasoning: z.string().optional() }),
])
const saved = z.object({
  version: z.literal(1),
  model: z.string(),
  protocol: z.enum(protocolChoices).optional(),
  system: z.string().optional(),
  thinking: z.union([z.boolean(), z.object({ budget: z.number() })]).optional(),
  messages: z.array(message),
})

type SavedMessage = z.infer<typeof message>
type SavedPart = z.infer<typeof part>

/** Saves a conversation as JSON that only its owner can read. Local media are saved as their paths. */
export async function saveConversation(path: string, conversation: Conversation): Promise<void> {
  const { model, protocol, system, settings, messages } = conversation
  const { thinking } = settings
  const data = { version: 1, model, protocol, system, thinking, messages: messages.flatMap(saveMessage) }
  await writePrivate(path, `${JSON.stringify(data, undefined, 2)}\n`)
}

/** Throws if a file exists that is not a saved conversation, which `/save` must not overwrite. */
export async function requireReplaceable(path: string): Promise<void> {
  if (!existsSync(path)) return
  try {
    parse(path, await read(path))
  } catch {
    throw usageError(`${path} exists and is not a saved conversation.`, 'Choose another name.')
  }
}

/** Writes a file that only its owner can read. */
export async function writePrivate(path: string, text: string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 })
    await replaceFile(path, text)
  } catch (error) {
    throw usageError(`Cannot write ${path}: ${(error as Error).message}`, 'Choose a file in a folder of your own.')
  }
}

/** Writes a draft and renames it: whatever ends the process, the file has the old text or the new one. */
async function replaceFile(path: string, text: string): Promise<void> {
  const draft = `${path}.${randomUUID()}.tmp`
  try {
    // Renaming also replaces the mode of an old file, which others may read.
    await writeFile(draft, text, { mode: 0o600 })
    await rename(draft, path)
  } catch (error) {
    await rm(draft, { force: true })
    throw error
  }
}

/** The part of a conversation that a file holds. */
export type SavedConversation = Pick<Conversation, 'model' | 'protocol' | 'system' | 'messages'> &
  Pick<Conversation['settings'], 'thinking'>

/** Loads a conversation, and opens its local media. */
export async function loadConversation(path: string): Promise<SavedConversation> {
  const { model, protocol, system, thinking, messages } = parse(path, await read(path))
  return { model, protocol, system, thinking, messages: await Promise.all(messages.map(loadMessage)) }
}

async function read(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT'
    if (isMissing && path === lastConversation()) {
      throw usageError('There is no conversation to continue.', 'Start one with `dualscope chat`, without --continue.')
    }
    throw usageError(`Cannot read ${path}: ${(error as Error).message}`, 'Check that the file exists.')
  }
}

function parse(path: string, text: string): z.infer<typeof saved> {
  try {
    return saved.parse(JSON.parse(text))
  } catch (error) {
    const reason = error instanceof z.ZodError ? z.prettifyError(error) : (error as Error).message
    throw new CommandError(`${path} is not a saved conversation: ${reason}`, {
      fix: 'Choose a file that /save has written.',
      exit: exitCode.usage,
    })
  }
}

function saveMessage(message: Message): SavedMessage[] {
  if (message.role === 'assistant') {
    const { role, content, reasoning } = message
    return [{ role, content, reasoning }]
  }
  if (message.role !== 'user') return []
  const { role, content } = message
  return [{ role, content: typeof content === 'string' ? content : content.map(savePart) }]
}

function savePart(part: ContentPart): SavedPart {
  if (part.type === 'text') return { type: 'text', text: part.text }
  if (part.type === 'image') return { type: 'image', image: saveSource(part.image) }
  const { fps } = part
  if (part.type === 'video') return { type: 'video', video: saveSource(part.video), fps }
  return { type: 'frames', frames: part.frames.map(saveSource), fps }
}

function saveSource(source: MediaSource): string {
  const name = sourceName(source)
  if (name === undefined) throw new Error('The conversation holds media that no path names')
  return /^(https?|data|oss):/i.test(name) ? name : resolve(name)
}

async function loadMessage(message: SavedMessage): Promise<Message> {
  if (message.role === 'assistant') return message
  const { role, content } = message
  return { role, content: typeof content === 'string' ? content : await Promise.all(content.map(loadPart)) }
}

async function loadPart(part: SavedPart): Promise<ContentPart> {
  if (part.type === 'text') return part
  if (part.type === 'image') return { type: 'image', image: await openSource(part.image) }
  const { fps } = part
  if (part.type === 'video') return { type: 'video', video: await openSource(part.video), fps }
  return { type: 'frames', frames: await Promise.all(part.frames.map(openSource)), fps }
}
