import type * as z from 'zod/mini'

import type { Protocol, Service } from '../protocol.ts'
import type { Conversation } from './conversation.ts'
import { type Issue, createIssue } from './issue.ts'
import { judgeMedia } from './media.ts'
import { judgeMessages } from './messages.ts'
import { findModel, type Model } from './models.ts'
import { judgeOptions } from './options.ts'
import { readCompatible } from './read-compatible.ts'
import { readDashscope, wantsStream } from './read-dashscope.ts'
import { compatibleSchema } from './schema/compatible.ts'
import { dashscopeSchema, partsSchema } from './schema/dashscope.ts'

/** A request to validate. */
export interface Judged {
  protocol: Protocol
  service?: Service | undefined
  /** The parsed body; undefined if it could not be parsed. */
  body: unknown
  headers: Headers
  /** Facts of models beyond those of the Kimi pages, or against them. */
  models?: Readonly<Record<string, Partial<Model>>> | undefined
}

function kindOf(path: string, body: unknown) {
  if (body === undefined || path === '') return 'json'
  if (path === 'model') return 'model'
  if (path === 'input') return 'input'
  return 'parameter'
}

/** A union names the alternative that was meant, where one fits but for what is inside it. */
function innermost(issue: z.core.$ZodIssue): z.core.$ZodIssue[] {
  if (issue.code !== 'invalid_union') return [issue]
  const meant = issue.errors.find((errors) => errors.length > 0 && errors.every(({ path }) => path.length > 0))
  const inner = (meant ?? []).flatMap(innermost)
  const worded = inner.filter(({ message }) => message !== 'Invalid input')
  return worded.length === 0 ? [issue] : worded.map((each) => ({ ...each, path: [...issue.path, ...each.path] }))
}

function fromSchema(protocol: Protocol, body: unknown, found: readonly z.core.$ZodIssue[], prefix = ''): Issue[] {
  return found.flatMap(innermost).map(({ path, message }) => {
    const place = prefix + path.map(String).join('.')
    const placed = protocol === 'compatible' && /(is not one of|is too short)/.test(message)
    return createIssue(protocol, kindOf(place, body), placed ? `${message} - '${place}'` : message, place)
  })
}

function settle(conversation: Omit<Conversation, 'thinking'>, model: Partial<Model> | undefined): Conversation {
  return {
    ...conversation,
    thinking:
      model?.thinking === 'always' || (model?.thinking !== 'never' && conversation.options.enable_thinking === true),
  }
}

function judgeAsked(conversation: Conversation, model: Partial<Model> | undefined, headers: Headers): Issue[] {
  const { protocol, service } = conversation
  // The gateway looks at the address before the model looks at the body.
  const lost = service !== undefined && model?.service !== undefined && model.service !== service
  return [
    ...(lost ? [createIssue(protocol, 'url', 'url error, check url!')] : []),
    ...judgeMessages(conversation, model),
    ...judgeMedia(conversation, model, headers),
    ...judgeOptions(conversation, model),
  ]
}

/**
 * Judges a request against the documented shapes and rules. The first issue is the one that the service would name;
 * `conversation` is what the request says, unless its shape is wrong.
 */
export function judge(request: Judged): { conversation?: Conversation; issues: Issue[] } {
  const { protocol, body, headers, service = 'text-generation' } = request
  if (protocol === 'compatible') {
    const parsed = compatibleSchema.safeParse(body)
    if (!parsed.success) return { issues: fromSchema(protocol, body, parsed.error.issues) }
    const model = findModel(parsed.data.model, request.models)
    const conversation = settle(readCompatible(parsed.data), model)
    return { conversation, issues: judgeAsked(conversation, model, headers) }
  }
  const parsed = dashscopeSchema.safeParse(body)
  if (!parsed.success) return { issues: fromSchema(protocol, body, parsed.error.issues) }
  const model = findModel(parsed.data.model, request.models)
  const conversation = settle(readDashscope(parsed.data, service, wantsStream(headers)), model)
  // Only multimodal-generation has parts; elsewhere an array is refused as such, whatever is in it.
  const parts = parsed.data.input.messages.flatMap(({ content }, index) => {
    if (service !== 'multimodal-generation' || !Array.isArray(content)) return []
    const found = partsSchema.safeParse(content).error?.issues ?? []
    return fromSchema(protocol, body, found, `input.messages.${index}.content.`)
  })
  const issues = judgeAsked(conversation, model, headers)
  // Parts that were not understood look empty to the rules: their own words come first.
  const lost = issues.filter(({ path }) => path === '')
  return { conversation, issues: [...lost, ...parts, ...issues.filter(({ path }) => path !== '')] }
}
