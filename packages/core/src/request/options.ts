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

/** A promise would be taken for an object without headers. */
function isHeaders(value: unknown): boolean {
  return typeof value === 'object' && value !== null && (Symbol.iterator in value || isWrittenWhole(value))
}

/** Throws `validation` for an unknown or malformed option of a call. */
export function validateCallOptions(options: CallOptions): void {
  checkOptions(callOptions, options, 'validation', (key) =>
    Object.hasOwn(requestSchema.shape, key) ? 'belongs in the request, the first argument' : undefined,
  )
}

/** Throws `configuration` for an unknown or malformed option of a transport. */
export function validateTransportOptions(options: object): void {
  checkOptions(transportOptions, options, 'configuration')
}

/** Returns where a field belongs that is an option of a call, if it is one. */
export function explainMisplacedOption(key: string): string | undefined {
  if (key !== 'maxSteps' && !Object.hasOwn(callOptions.shape, key)) return undefined
  const where = key === 'maxSteps' ? 'the third argument of runTools()' : 'the argument after the request'
  return `belongs in the options, ${where}`
}

/**
 * Throws an error of `code` for an unknown or malformed option, with the name that may be meant. `explainKey` explains an unknown
 * name that belongs elsewhere.
 */
export function checkOptions(
  schema: z.ZodMiniObject,
  options: unknown,
  code: ErrorCode,
  explainKey: (key: string) => string | undefined = () => undefined,
): void {
  const issue = schema.safeParse(options).error?.issues[0]
  if (!issue) return
  const names = Object.keys(schema.shape)
  const place = { names, root: 'the options', hint: `; it can be ${names.join(', ')}`, explainKey }
  throw new DualscopeError(code, explainIssue(issue, options, place))
}
