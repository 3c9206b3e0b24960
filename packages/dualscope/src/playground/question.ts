import type { ChatRequest, ContentPart, Message, OutputSpec } from '@dualscope/core'
import { z } from 'zod'

import { BadRequest } from './body.ts'
import type { Protocol } from './line.ts'

const answer = z.object({ content: z.string(), reasoning: z.string().optional() })
const turn = z.object({
  prompt: z.string(),
  /** The answers so far; a turn without one is left out of the history of that protocol. */
  answers: z.object({ compatible: answer.optional(), dashscope: answer.optional() }).default({}),
})
const schema = z.object({
  protocols: z.array(z.enum(['compatible', 'dashscope'])).min(1, 'Choose a protocol'),
  model: z.string().trim().min(1, 'Choose a model'),
  system: z.string().optional(),
  thinking: z.union([z.boolean(), z.object({ budget: z.number() })]).optional(),
  temperature: z.number().optional(),
  topP: z.number().optional(),
  maxTokens: z.number().optional(),
  seed: z.number().optional(),
  search: z.boolean().optional(),
  output: z.union([z.literal('json'), z.record(z.string(), z.unknown())]).optional(),
  /** The last one is the question. */
  turns: z.array(turn).min(1),
})

/** The question of the page: JSON in the field `question`; the files of turn N are in the fields `media.N`. */
export type QuestionFields = z.input<typeof schema>

/** A question, and its request over each protocol. */
export interface Question {
  protocols: readonly Protocol[]
  requestFor: (protocol: Protocol) => ChatRequest<OutputSpec | undefined>
}

/** Reads a question from the form of the page. The library validates the values. */
export function readQuestion(form: FormData): Question {
  const { protocols, turns, system, output, ...settings } = parse(form.get('question'))
  const content = turns.map(({ prompt }, index) => contentOf(prompt, filesOf(form, index)))
  const requestFor = (protocol: Protocol) => {
    const messages: Message[] = system === undefined || system === '' ? [] : [{ role: 'system', content: system }]
    for (const [index, { answers }] of turns.entries()) {
      const answer = answers[protocol]
      const isQuestion = index === turns.length - 1
      if (isQuestion || answer) messages.push({ role: 'user', content: content[index] ?? '' })
      if (!isQuestion && answer) messages.push({ role: 'assistant', ...answer })
    }
    return { ...settings, output, messages }
  }
  return { protocols: [...new Set(protocols)], requestFor }
}

function parse(field: FormDataEntryValue | null): z.infer<typeof schema> {
  try {
    return schema.parse(JSON.parse(typeof field === 'string' ? field : ''))
  } catch (error) {
    throw new BadRequest(400, error instanceof z.ZodError ? describe(error) : (error as Error).message)
  }
}

function describe({ issues: [issue] }: z.ZodError): string {
  return issue ? `${issue.path.join('.')}: ${issue.message}` : 'The question cannot be read'
}

function filesOf(form: FormData, turn: number): File[] {
  return form.getAll(`media.${turn}`).filter((value) => typeof value !== 'string')
}

function contentOf(prompt: string, files: readonly File[]): string | readonly ContentPart[] {
  if (files.length === 0) return prompt
  return [...files.map(toPart), ...(prompt === '' ? [] : [{ type: 'text', text: prompt } as const])]
}

function toPart(file: File): ContentPart {
  return file.type.startsWith('video/') ? { type: 'video', video: file } : { type: 'image', image: file }
}
