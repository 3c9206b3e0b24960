import { DualscopeError } from '../errors.ts'
import type { JsonObject } from '../json.ts'
import type { PreparedOutput } from '../request/output-instruction.ts'
import type { PreparedRequest } from '../request/prepare.ts'
import { encodeTool, encodeToolChoice } from './tool.ts'
import { given } from './given.ts'

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

// Which option of ours a wire name stands for, so that `extra` cannot say it a second time.
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

/** The options of a request that both protocols spell alike; what is not given is not written. */
export function encodeParameters(request: PreparedRequest): JsonObject {
  const { thinking, logprobs, tools, toolChoice, output } = request
  return given({
    ...Object.fromEntries(thinkingEntries.map(([ours, wire]) => [wire, thinking[ours]])),
    ...Object.fromEntries(entries.map(([ours, wire]) => [wire, request[ours]])),
    logprobs: logprobs === undefined ? undefined : logprobs !== false,
    top_logprobs: typeof logprobs === 'number' ? logprobs : undefined,
    tools: tools?.length ? tools.map(encodeTool) : undefined,
    tool_choice: toolChoice && encodeToolChoice(toolChoice),
    response_format: output && encodeOutput(output),
  })
}

function encodeOutput(output: PreparedOutput): JsonObject {
  if (output === 'json') return { type: 'json_object' }
  return { type: 'json_schema', json_schema: { name: 'answer', schema: output.schema } }
}

/** `extra` as it is, once it is sure that it says nothing which the codec writes itself. */
export function encodeExtra(extra: PreparedRequest['extra'], own: readonly string[]): JsonObject {
  if (!extra) return {}
  for (const key of Object.keys(extra)) {
    const owner = owners.get(key)
    if (owner === undefined && !own.includes(key)) continue
    const instead = owner === undefined ? 'it is written for you' : `use ${owner}`
    throw new DualscopeError('validation', `extra.${key}: not for extra; ${instead}`)
  }
  return extra
}
