import { DualscopeError, type OutputSpec, type TransportRequest } from '@dualscope/core'

import type { BatchItem } from './answer.ts'

/** Settings for requests that do not set them. */
export interface BatchDefaults {
  /** The system prompt of requests without one. */
  system?: string | undefined
  /** @default the model's own */
  thinking?: TransportRequest['thinking']
  /** The structured output: a JSON Schema, or any other `output` of a request. */
  output?: OutputSpec | undefined
}

/** Reads a line of the input. Throws `validation` for a line that is not a request. */
export function parseLine(text: string, defaults: BatchDefaults = {}): BatchItem {
  const line = parseObject(text)
  const { id, prompt, request } = line
  const extra = Object.keys(line).find((key) => !['id', 'prompt', 'request'].includes(key))
  if (typeof id !== 'string' || id === '') throw lineError('id: must be a text that is not empty')
  if (extra !== undefined) throw lineError(`${extra}: unknown; a line has id, and prompt or request`)
  if ((prompt === undefined) === (request === undefined)) throw lineError('it must have either prompt or request')
  if (prompt !== undefined) {
    if (typeof prompt !== 'string' || prompt === '') throw lineError('prompt: must be a text that is not empty')
    return { id, request: withDefaults({ messages: [{ role: 'user', content: prompt }] }, defaults) }
  }
  if (!isRequest(request)) throw lineError('request: must be an object with messages')
  return { id, request: withDefaults(request, defaults) }
}

function withDefaults(request: TransportRequest, { system, thinking, output }: BatchDefaults): TransportRequest {
  const { messages } = request
  const needsSystem = system !== undefined && !messages.some(({ role }) => role === 'system')
  return {
    ...request,
    messages: needsSystem ? [{ role: 'system', content: system }, ...messages] : messages,
    thinking: request.thinking ?? thinking,
    output: request.output ?? output,
  }
}

function parseObject(text: string): Readonly<Record<string, unknown>> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw lineError(`it is not JSON: ${(error as Error).message}`)
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw lineError('it is not a JSON object')
  return value as Readonly<Record<string, unknown>>
}

/** Whether a value has messages. The client validates the rest of a request. */
function isRequest(value: unknown): value is TransportRequest {
  if (typeof value !== 'object' || value === null || !('messages' in value)) return false
  return Array.isArray(value.messages) && value.messages.every((each) => typeof each === 'object' && each !== null)
}

/** Creates the error of a line that is not a request. */
export function lineError(message: string): DualscopeError {
  return new DualscopeError('validation', message)
}
