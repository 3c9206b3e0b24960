import * as z from 'zod/mini'

import { checkOptions, expects, optionsSchema } from '../check-options.ts'
import { faults, type Fault } from '../faults/faults.ts'
import { placeSchema } from '../faults/place.ts'
import type { AnswerScenario, ErrorScenario, RawScenario, Scenario, ScenarioOptions } from './scenario.ts'

type Shape<T> = { [Name in keyof Required<T>]: z.ZodMiniType }

const { text, texts, milliseconds, status } = expects

const faultTypes: Readonly<Record<Fault['type'], true>> = {
  split: true,
  'split-characters': true,
  crlf: true,
  coalesce: true,
  heartbeat: true,
  'no-last-blank-line': true,
  'no-done': true,
  'byte-order-mark': true,
  end: true,
  reset: true,
  stall: true,
  html: true,
  empty: true,
  throttle: true,
  'content-type': true,
  redirect: true,
  'error-frame': true,
  'no-connection': true,
  silence: true,
  'not-streamed': true,
}

function isFault(value: unknown): boolean {
  const type = typeof value === 'object' && value !== null && 'type' in value ? value.type : undefined
  return typeof type === 'string' && Object.hasOwn(faultTypes, type)
}

const faultNames = Object.keys(faults).join(', ')
const fault = z.custom(isFault, `made by one of faults.*: ${faultNames}`)

const common: Shape<ScenarioOptions> = {
  endpoint: z.optional(z.enum(['chat', 'policy', 'upload', 'token'], "'chat', 'policy', 'upload' or 'token'")),
  fault: z.optional(z.union([fault, z.array(fault)], `made by faults (${faultNames}), one or a list`)),
  headers: z.optional(z.record(z.string(), text, 'an object of texts')),
  latency: z.optional(milliseconds),
}

const tokens = expects.count(0, 'tokens')
const usage = optionsSchema({
  inputTokens: tokens,
  outputTokens: tokens,
  totalTokens: tokens,
  reasoningTokens: z.optional(tokens),
  cachedTokens: z.optional(tokens),
  cacheWriteTokens: z.optional(tokens),
  imageTokens: z.optional(tokens),
  videoTokens: z.optional(tokens),
  cacheType: z.optional(z.enum(['explicit', 'implicit'], "'explicit' or 'implicit'")),
})

const source = optionsSchema({
  title: text,
  url: text,
  siteName: z.optional(text),
  icon: z.optional(text),
  index: z.optional(z.number('a number')),
})

const jsonText = 'JSON text, or a list of its pieces; write an object with JSON.stringify()'
const toolCall = optionsSchema({
  id: z.optional(text),
  name: text,
  arguments: z.optional(z.union([z.string(), z.array(z.string())], jsonText)),
})

const answerShape: Omit<Shape<AnswerScenario>, keyof ScenarioOptions> = {
  type: z.optional(z.literal('answer', "'answer', 'error' or 'raw'")),
  reasoning: z.optional(texts),
  text: z.optional(texts),
  toolCalls: z.optional(z.array(toolCall, 'a list of calls')),
  finishReason: z.nullish(text),
  usage: z.nullish(usage),
  sources: z.optional(z.array(source, 'a list of pages')),
  logprobs: z.optional(z.unknown()),
  id: z.optional(text),
  model: z.optional(text),
}

const answer = optionsSchema({ ...common, ...answerShape })

const bothTexts = optionsSchema({ compatible: text, dashscope: text })
const words = z.optional(z.union([text, bothTexts], 'a text, or { compatible, dashscope } with one of each protocol'))
const error = optionsSchema({
  ...common,
  type: z.literal('error'),
  status,
  code: words,
  message: words,
  retryAfter: z.optional(expects.retryAfter),
  after: z.optional(placeSchema),
  answer: z.optional(answer),
} satisfies Shape<ErrorScenario>)

const raw = optionsSchema({
  ...common,
  type: z.literal('raw'),
  status: z.optional(status),
  body: z.union([z.string(), z.instanceof(Uint8Array)], 'a text or a Uint8Array'),
} satisfies Shape<RawScenario>)

/** Whether a scenario leaves the answer open, so that the mock answers from the request. */
export function isOpen(scenario: Scenario): boolean {
  return Object.keys(answerShape).every((name) => Reflect.get(scenario, name) === undefined)
}

/** Throws a `TypeError` for a scenario with an unusable value or an unknown name. */
export function checkScenario(scenario: Scenario, place: string): void {
  const { type = 'answer', endpoint = 'chat' } = Object(scenario) as Scenario
  checkOptions(type === 'error' ? error : type === 'raw' ? raw : answer, scenario, place)
  if (endpoint !== 'chat' && type === 'answer' && !isOpen(scenario)) {
    throw new TypeError(`${place}: a scenario for '${endpoint}' must be an error, raw or only a fault`)
  }
}
