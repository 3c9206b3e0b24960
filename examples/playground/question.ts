import type { ChatRequest, ContentPart } from '@dualscope/core'

import { BadRequest } from './body.ts'
import type { Protocol } from './line.ts'

/** A question of the page, and its protocols. */
export interface Question {
  protocols: Protocol[]
  request: ChatRequest
}

function isProtocol(value: unknown): value is Protocol {
  return value === 'compatible' || value === 'dashscope'
}

/** Makes a question of the page's form. What the library itself checks is left to it. */
export function readQuestion(form: FormData): Question {
  const protocols = [...new Set(form.getAll('protocol'))].filter(isProtocol)
  if (protocols.length === 0) throw new BadRequest(400, 'Choose a protocol')
  const files = form.getAll('media').filter((value) => typeof value !== 'string')
  const content: ContentPart[] = [
    // An input without a file is sent as a file without a name.
    ...files.filter(({ name, size }) => name !== '' || size > 0).map(toPart),
    { type: 'text', text: textOf(form, 'prompt') },
  ]
  const request = { model: textOf(form, 'model'), messages: [{ role: 'user', content }] } satisfies ChatRequest
  return { protocols, request: { ...request, thinking: readThinking(form) } }
}

function toPart(file: File): ContentPart {
  return file.type.startsWith('video/') ? { type: 'video', video: file } : { type: 'image', image: file }
}

function readThinking(form: FormData): ChatRequest['thinking'] {
  const thinking = textOf(form, 'thinking')
  if (thinking === 'on') return true
  if (thinking === 'off') return false
  return thinking === 'budget' ? { budget: Number(textOf(form, 'budget')) } : undefined
}

function textOf(form: FormData, name: string): string {
  const value = form.get(name)
  return typeof value === 'string' ? value : ''
}
