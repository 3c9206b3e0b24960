import type { AssistantMessage, ToolCall } from '../chat/message.ts'
import type { ChatRequest } from '../chat/request.ts'
import { DualscopeError } from '../errors.ts'
import { isJsonObject, parseJson, type JsonObject } from '../json.ts'
import type { PreparedOutput, PreparedRequest, PreparedTool } from '../request/prepared.ts'

// Both API references of Model Studio list these under the same names; only the place in the body differs.
const names = {
  maxTokens: 'max_tokens',
  maxCompletionTokens: 'max_completion_tokens',
  temperature: 'temperature',
  topP: 'top_p',
  topK: 'top_k',
  presencePenalty: 'presence_penalty',
  repetitionPenalty: 'repetition_penalty',
  seed: 'seed',
  stop: 'stop',
  parallelToolCalls: 'parallel_tool_calls',
} as const satisfies Partial<Record<keyof PreparedRequest, string>>

const thinkingNames = {
  enable: 'enable_thinking',
  budget: 'thinking_budget',
  preserve: 'preserve_thinking',
  effort: 'reasoning_effort',
} as const satisfies Record<keyof PreparedRequest['thinking'], string>

type Entries<T> = { [K in keyof T]: [K, T[K]] }[keyof T][]
const entries = Object.entries(names) as Entries<typeof names>
const thinkingEntries = Object.entries(thinkingNames) as Entries<typeof thinkingNames>

// The option of each wire name, so that `extra` cannot set it a second time.
const owners: ReadonlyMap<string, string> = new Map([
  ...entries.map(([ours, wire]): [string, string] => [wire, ours]),
  ...thinkingEntries.map(([ours, wire]): [string, string] => [
    wire,
    ours === 'enable' ? 'thinking' : `thinking.${ours}`,
  ]),
  ['logprobs', 'logprobs'],
  ['top_logprobs', 'logprobs'],
  ['tools', 'tools'],
  ['tool_choice', 'toolChoice'],
  ['response_format', 'output'],
  ['enable_search', 'search'],
  ['search_options', 'search'],
])

/**
 * Writes the options of a request that both protocols spell alike. Options that are not set are not written; `extra` goes out
 * as it is. Throws `validation` if `extra` has a key that the codec writes itself: `ownKeys`, or one of an option.
 */
export function encodeOptions(request: PreparedRequest, ownKeys: readonly string[]): JsonObject {
  const { thinking, logprobs, tools, toolChoice, output, search } = request
  return omitUndefined({
    ...Object.fromEntries(thinkingEntries.map(([ours, wire]) => [wire, thinking[ours]])),
    ...Object.fromEntries(entries.map(([ours, wire]) => [wire, request[ours]])),
    logprobs: logprobs === undefined ? undefined : logprobs !== false,
    top_logprobs: typeof logprobs === 'number' ? logprobs : undefined,
    tools: tools?.length ? tools.map(encodeTool) : undefined,
    tool_choice: toolChoice && encodeToolChoice(toolChoice),
    response_format: output && encodeOutput(output),
    enable_search: search === undefined ? undefined : search !== false,
    ...checkExtra(request.extra, ownKeys),
  })
}

/** Writes what an assistant message has beside its content. */
export function encodeAssistantFields({ reasoning, toolCalls, partial }: AssistantMessage): JsonObject {
  return {
    ...(reasoning === undefined ? {} : { reasoning_content: reasoning }),
    ...(toolCalls?.length ? { tool_calls: encodeToolCalls(toolCalls) } : {}),
    ...(partial ? { partial: true } : {}),
  }
}

/**
 * Writes the assistant's tool calls of a history; the reference marks `index` as required. Arguments that are not one JSON
 * object are written as `{}`, since the service refuses the request otherwise ("function.arguments … must be in JSON format").
 */
export function encodeToolCalls(toolCalls: readonly ToolCall[]): JsonObject[] {
  return toolCalls.map(({ id, name, arguments: text }, index) => ({
    id,
    type: 'function',
    index,
    function: { name, arguments: isJsonObject(parseJson(text)) ? text : '{}' },
  }))
}

/** Returns the fields that are not undefined. */
export function omitUndefined<T extends object>(fields: T): { [Name in keyof T]?: Exclude<T[Name], undefined> } {
  const set = { ...fields }
  for (const name of Object.keys(set) as (keyof T)[]) if (set[name] === undefined) delete set[name]
  return set
}

function encodeTool({ name, description, parameters }: PreparedTool): JsonObject {
  return { type: 'function', function: { name, description, parameters } }
}

function encodeToolChoice(choice: NonNullable<ChatRequest['toolChoice']>): string | JsonObject {
  return typeof choice === 'string' ? choice : { type: 'function', function: { name: choice.name } }
}

function encodeOutput(output: PreparedOutput): JsonObject {
  if (output === 'json') return { type: 'json_object' }
  return { type: 'json_schema', json_schema: { name: 'answer', schema: output.schema } }
}

/** Returns `extra`, or throws `validation` if it has one of `ownKeys` or the wire name of an option. */
export function checkExtra(extra: PreparedRequest['extra'] = {}, ownKeys: readonly string[]): JsonObject {
  for (const key of Object.keys(extra)) {
    const owner = owners.get(key)
    if (owner === undefined && !ownKeys.includes(key)) continue
    const instead = owner === undefined ? 'it is written for you' : `use ${owner}`
    throw new DualscopeError('validation', `extra.${key}: not for extra; ${instead}`)
  }
  return extra
}
