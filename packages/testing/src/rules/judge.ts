import type * as z from 'zod/mini'

import { fieldsOf, listOf } from '../fields.ts'
import type { Protocol, Service } from '../protocol.ts'
import type { Conversation } from './conversation.ts'
import { type Issue, createIssue } from './issue.ts'
import { judgeMedia, type MediaAccess } from './media.ts'
import { judgeMessages } from './messages.ts'
import { findModel, isUnknownKimi, type Model } from './models.ts'
import { judgeMoonshot } from './moonshot.ts'
import { judgeOptions } from './options.ts'
import { readCompatible } from './read-compatible.ts'
import { readDashscope, wantsStream } from './read-dashscope.ts'
import { compatibleSchema } from './schema/compatible.ts'
import { dashscopeSchema, noMessages, partsSchema } from './schema/dashscope.ts'

/** A request to validate. */
export interface Judged extends MediaAccess {
  protocol: Protocol
  service?: Service | undefined
  /** The parsed body; undefined if it could not be parsed. */
  body: unknown
  /** Facts of models that the Kimi pages do not describe, or that replace theirs. */
  models?: Readonly<Record<string, Partial<Model>>> | undefined
}

function kindOf(path: string, body: unknown) {
  if (body === undefined || path === '') return 'json'
  if (path === 'model') return 'model'
  if (path === 'input') return 'input'
  return 'parameter'
}

/** Replaces the issue of a union by those of the alternative that fits except for its content. */
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

/** Validates the shape, which is the same for every model. */
function judgeShape({ protocol, body }: Judged): Issue[] {
  const schema = protocol === 'compatible' ? compatibleSchema : dashscopeSchema
  return fromSchema(protocol, body, schema.safeParse(body).error?.issues ?? [])
}

/** Validates the parts of multimodal-generation. Other services refuse any list. */
function judgeParts({ protocol, body, service }: Judged): Issue[] {
  if (service !== 'multimodal-generation') return []
  const { messages, prompt } = fieldsOf(fieldsOf(body)['input'])
  if (messages === undefined && prompt !== undefined) {
    return [createIssue(protocol, 'parameter', noMessages, 'input.messages')]
  }
  return listOf(messages).flatMap((message, index) => {
    const { content } = fieldsOf(message)
    if (!Array.isArray(content)) return []
    return fromSchema(
      protocol,
      body,
      partsSchema.safeParse(content).error?.issues ?? [],
      `input.messages.${index}.content.`,
    )
  })
}

/** Validates the model and its address, which the gateway checks before the body. */
function judgeAddress(conversation: Conversation, model: Partial<Model> | undefined, request: Judged): Issue[] {
  const { protocol, service, model: id } = conversation
  const isServed = model?.protocols?.includes(protocol) ?? true
  if (!isServed || isUnknownKimi(id, request.models)) {
    const words = `The model \`${id}\` does not exist or you do not have access to it.`
    return [createIssue(protocol, 'unknown', words, 'model')]
  }
  const lost = service !== undefined && model?.service !== undefined && model.service !== service
  return lost ? [createIssue(protocol, 'url', 'url error, check url!')] : []
}

/**
 * Validates a request against the documented shapes and rules. The service would report the first issue. `conversation` is
 * absent only if the body is not an object. Models that the Kimi pages do not name are validated by the shapes and the order of
 * messages only.
 */
export function judge(request: Judged): { conversation?: Conversation; issues: Issue[] } {
  const { protocol, body, headers, service = 'text-generation' } = request
  const shape = judgeShape(request)
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return { issues: shape }
  const read = protocol === 'compatible' ? readCompatible(body) : readDashscope(body, service, wantsStream(headers))
  const model = findModel(read.model, request.models)
  const conversation = settle(read, model)
  const address = judgeAddress(conversation, model, request)
  // The rules would report a malformed part as another error.
  if (shape.length > 0) return { conversation, issues: shape }
  const parts = judgeParts(request)
  if (parts.length > 0) return { conversation, issues: [...address, ...parts] }
  const issues = [
    ...address,
    ...judgeMessages(conversation, model),
    ...judgeMedia(conversation, model, request),
    ...judgeOptions(conversation, model),
    ...(model?.moonshot ? judgeMoonshot(conversation) : []),
  ]
  return { conversation, issues }
}
