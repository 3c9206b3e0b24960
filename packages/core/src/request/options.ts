import * as z from 'zod/mini'

import { isAbortSignal } from '../async/abort.ts'
import type { CallOptions } from '../chat/request.ts'
import { DualscopeError, type ErrorCode } from '../errors.ts'
import { isWrittenWhole } from '../json.ts'
import { explainIssue } from './explain-issue.ts'
import { requestSchema } from './schema.ts'

// Values with rules of their own are checked where they are used, with a message that knows the rule.
const anything = z.optional(z.unknown())
const flag = z.optional(z.boolean())
const callback = z.optional(z.custom((value) => typeof value === 'function', 'a function'))
const headers = z.optional(z.custom(isHeaders, 'an object or Headers'))
const signal = z.optional(z.custom(isAbortSignal, 'an AbortSignal, such as controller.signal'))

const limits = { timeout: anything, totalTimeout: anything, retries: anything }

const observers = { onRequest: callback, onResponse: callback, onRetry: callback, onDrop: callback }

const callOptions = z.strictObject({
  ...limits,
  ...observers,
  signal,
  headers,
  resume: flag,
  onUploadProgress: callback,
})

const transportOptions = z.strictObject({
  ...limits,
  apiKey: anything,
  region: z.optional(z.string()),
  workspace: z.optional(z.string()),
  baseUrl: z.optional(z.union([z.string(), z.instanceof(URL)])),
  allowHttp: flag,
  headers,
  unsupported: z.optional(z.enum(['error', 'drop'])),
  media: z.optional(z.enum(['auto', 'inline', 'upload'])),
  validate: flag,
  fetch: callback,
  ...observers,
})

/** Options of connect() and createClient(), which make the transport. */
const clientOptions: readonly string[] = ['model', 'protocol']

/** Fields of the service and of other clients whose names resemble none of this library. */
const foreignNames = new Map([
  ['enable_thinking', 'use thinking: true or false'],
  ['thinking_budget', 'use thinking: { budget }'],
  ['reasoning_effort', 'use thinking: { effort }'],
  ['response_format', 'use output'],
  ['enable_search', 'use search: true'],
  ['stream', 'call client.stream() instead'],
])

/** A promise would be taken for an object without headers. */
function isHeaders(value: unknown): boolean {
  return typeof value === 'object' && value !== null && (Symbol.iterator in value || isWrittenWhole(value))
}

/** Throws `validation` for an unknown or malformed option of a call. */
export function validateCallOptions(options: CallOptions): void {
  checkOptions(callOptions, options, 'validation', { explainKey: explainNonCallOption, otherNames: ['maxSteps'] })
}

function explainNonCallOption(key: string): string | undefined {
  if (key === 'maxSteps') return 'belongs in the options of runTools()'
  return Object.hasOwn(requestSchema.shape, key) ? 'belongs in the request, the first argument' : undefined
}

/** Throws `configuration` for an unknown or malformed option of a transport. */
export function validateTransportOptions(options: object): void {
  checkOptions(transportOptions, options, 'configuration', {
    explainKey: explainNonTransportOption,
    otherNames: clientOptions,
  })
}

function explainNonTransportOption(key: string): string | undefined {
  return clientOptions.includes(key) ? 'belongs in the options of connect() or createClient()' : undefined
}

/** Returns where an option of a transport belongs, if the name is one. */
export function explainTransportOption(key: string): string | undefined {
  if (!Object.hasOwn(transportOptions.shape, key)) return undefined
  return 'belongs in the options of the transport, such as compatible()'
}

/** Explains an unknown field of a request that is an option of a call, or a name of the service. */
export function explainMisplacedOption(key: string): string | undefined {
  const alternative = foreignNames.get(key)
  if (alternative !== undefined) return `unknown; ${alternative}`
  if (key !== 'maxSteps' && !Object.hasOwn(callOptions.shape, key)) return undefined
  const where = key === 'maxSteps' ? 'the third argument of runTools()' : 'the argument after the request'
  return `belongs in the options, ${where}`
}

/** Unknown names that are explained instead of being refused with the list of options. */
interface OtherNames {
  /** Explains an unknown name that belongs elsewhere. */
  explainKey?: (key: string) => string | undefined
  /** Names of other places that a misspelt one may mean. */
  otherNames?: readonly string[]
}

/** Throws an error of `code` for an unknown or malformed option, with the name that may be meant. */
export function checkOptions(
  schema: z.ZodMiniObject,
  options: unknown,
  code: ErrorCode,
  { explainKey = () => undefined, otherNames = [] }: OtherNames = {},
): void {
  const issue = schema.safeParse(options).error?.issues[0]
  if (!issue) return
  const own = Object.keys(schema.shape)
  const names = [...own, ...otherNames]
  const place = { names, root: 'the options', hint: `; it can be ${own.join(', ')}`, explainKey }
  throw new DualscopeError(code, explainIssue(issue, options, place))
}
