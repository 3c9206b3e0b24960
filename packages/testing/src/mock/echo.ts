import { parseJson } from '@dualscope/core/wire'

import { fieldsOf } from '../fields.ts'
import type { Conversation, Medium } from '../rules/conversation.ts'
import { sampleJson } from './sample-json.ts'
import type { AnswerScenario } from './scenario.ts'

function plural(count: number, noun: string) {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}

function rate(fps: number | undefined) {
  return fps === undefined ? '' : ` at ${fps} fps`
}

function describe(media: readonly Medium[]): string[] {
  const count = (type: Medium['type']) => media.filter((medium) => medium.type === type).length
  const counted = [
    [count('image'), 'image'],
    [count('audio'), 'sound'],
  ] as const
  return [
    ...counted.flatMap(([number, noun]) => (number > 0 ? [plural(number, noun)] : [])),
    ...media.flatMap((medium) => {
      if (medium.type === 'frames') return [`a video of ${plural(medium.urls.length, 'frame')}${rate(medium.fps)}`]
      if (medium.type !== 'video') return []
      const most = medium.maxFrames === undefined ? '' : ` with at most ${plural(medium.maxFrames, 'frame')}`
      return [`1 video${rate(medium.fps)}${most}`]
    }),
  ]
}

function nameOf(tool: { function: { name: string } }) {
  return tool.function.name
}

/** Returns the tool that the request forces, or that the last user text names. */
function wantedTool(conversation: Conversation): string | undefined {
  const last = conversation.turns.at(-1)
  const names = (conversation.options.tools ?? []).map(nameOf)
  const choice = conversation.options.tool_choice
  if (last?.role !== 'user' || choice === 'none') return undefined
  if (choice != null && typeof choice === 'object') return choice.function.name
  return names.find((name) => last.text.includes(name)) ?? (choice === 'required' ? names[0] : undefined)
}

/** Limits a text to a number of tokens of four characters each. It cuts between characters only. */
function limit(text: string, most: number | null | undefined) {
  return most == null
    ? text
    : Array.from(text)
        .slice(0, Math.max(most, 0) * 4)
        .join('')
}

/** Returns the JSON Schema of the answer: from `response_format`, or from an instruction to a model without that option. */
function wantedSchema({ options, turns }: Conversation): unknown {
  const { type, json_schema: wanted } = options.response_format ?? {}
  if (type === 'json_schema') return wanted?.['schema']
  const instructions = turns.flatMap(({ role, text }) => (role === 'system' ? [text] : [])).join('\n')
  const marker = /\bJSON Schema:\s*(?=\{)/.exec(instructions)
  const schema = marker && instructions.slice(marker.index + marker[0].length).trimEnd()
  if (schema?.endsWith('}')) return parseJson(schema)
  const anyJson = { type: 'object', properties: { answer: { type: 'string' } } }
  return type === 'json_object' || /\bAnswer with JSON alone\b/.test(instructions) ? anyJson : undefined
}

function answerText(conversation: Conversation): string {
  const last = conversation.turns.at(-1)
  const prompt = last?.text ?? ''
  const schema = wantedSchema(conversation)
  if (schema !== undefined) return JSON.stringify(sampleJson(schema, prompt))
  if (last?.role === 'tool') return `The tool said: ${prompt}`
  if (last?.partial) return ' … and so on.'
  const seen = describe(conversation.turns.flatMap(({ media }) => media))
  return seen.length > 0 ? `You said: ${prompt}\nI see ${seen.join(', ')}.` : `You said: ${prompt}`
}

/**
 * Creates the answer without a queued scenario, from the request alone. It repeats the prompt, lists the media, thinks if
 * thinking is on, calls the tool that the last user message names, and stops at `max_tokens`.
 */
export function echo(conversation: Conversation): AnswerScenario {
  const { options } = conversation
  const prompt = conversation.turns.at(-1)?.text ?? ''
  const thought = conversation.thinking ? limit(`The user says: ${prompt}`, options.thinking_budget) : undefined
  const reasoning = thought === undefined ? undefined : limit(thought, options.max_completion_tokens)
  const tool = wantedTool(conversation)
  if (tool !== undefined) {
    const schema = options.tools?.find((candidate) => nameOf(candidate) === tool)?.function.parameters
    const input = sampleJson({ type: 'object', ...fieldsOf(schema) }, prompt)
    return { reasoning, toolCalls: [{ name: tool, arguments: JSON.stringify(input) }] }
  }
  const whole = answerText(conversation)
  const spent = Math.ceil((reasoning?.length ?? 0) / 4)
  const left = options.max_completion_tokens == null ? undefined : options.max_completion_tokens - spent
  const text = limit(limit(whole, options.max_tokens), left)
  const length = text !== whole || reasoning !== thought
  return { reasoning, text, finishReason: length ? 'length' : 'stop' }
}
