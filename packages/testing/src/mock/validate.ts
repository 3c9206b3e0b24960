import { checkOptions } from '@dualscope/core/wire'
import * as z from 'zod/mini'

import type { Fault } from '../faults/faults.ts'
import type { Scenario } from './scenario.ts'

const text = z.optional(z.union([z.string(), z.array(z.string())]))
const anything = z.optional(z.unknown())
const milliseconds = z.optional(z.number().check(z.minimum(0)))
const words = z.union([z.string(), z.strictObject({ compatible: z.string(), dashscope: z.string() })])

const mockOptions = z.strictObject({
  strict: z.optional(z.boolean()),
  apiKey: z.optional(z.string()),
  latency: milliseconds,
  pieceSize: z.optional(z.int().check(z.minimum(1))),
  models: z.optional(z.record(z.string(), z.object({}))),
  streamErrors: z.optional(z.enum(['frame', 'http'])),
  limits: z.optional(
    z.strictObject({ requestsPerMinute: z.optional(z.number()), tokensPerMinute: z.optional(z.number()) }),
  ),
  now: z.optional(z.custom((value) => typeof value === 'function', 'a function')),
})

// An object, so that a fault without its name here is a type error.
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
const fault = z.looseObject({ type: z.enum(Object.keys(faultTypes)) })

const scenarioOptions = {
  endpoint: z.optional(z.enum(['chat', 'policy', 'upload', 'token'])),
  fault: z.optional(z.union([fault, z.array(fault)])),
  headers: z.optional(z.record(z.string(), z.string())),
  latency: milliseconds,
}

const toolCall = z.strictObject({ id: z.optional(z.string()), name: z.string(), arguments: text })

const answer = z.strictObject({
  ...scenarioOptions,
  type: z.optional(z.literal('answer')),
  reasoning: text,
  text,
  toolCalls: z.optional(z.array(toolCall)),
  finishReason: z.optional(z.nullable(z.string())),
  usage: z.optional(z.nullable(z.object({}))),
  sources: z.optional(z.array(z.object({}))),
  logprobs: anything,
  id: z.optional(z.string()),
  model: z.optional(z.string()),
})

const error = z.strictObject({
  ...scenarioOptions,
  type: z.literal('error'),
  status: z.int().check(z.minimum(200), z.maximum(599)),
  code: words,
  message: z.optional(words),
  retryAfter: z.optional(z.union([z.number(), z.date()])),
  after: z.optional(z.int().check(z.minimum(0))),
  answer: z.optional(answer),
})

const raw = z.strictObject({
  ...scenarioOptions,
  type: z.literal('raw'),
  status: z.optional(z.int()),
  body: z.union([z.string(), z.instanceof(Uint8Array)]),
})

const scenarios = { answer, error, raw }

/** Throws `configuration` for an unknown or malformed option of a mock. */
export function validateMockOptions(options: object): void {
  checkOptions(mockOptions, options, 'configuration')
}

/** Throws `configuration` for an unknown or malformed field of a scenario: a test would pass for the wrong reason. */
export function validateScenario(scenario: Scenario): void {
  const { type = 'answer' } = scenario
  checkOptions(scenarios[type] ?? answer, scenario, 'configuration')
}
