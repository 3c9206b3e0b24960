import { describeIssue } from './explain-issue.ts'
import { DualscopeError } from '../errors.ts'
import type { Message } from '../chat/message.ts'
import { requestSchema } from './schema.ts'
import type { TransportRequest } from '../transport.ts'
import { validateTools } from './validate-tools.ts'

/** Refuses a malformed request with a `validation` error that says where, what the limit is, and what was given. */
export function validateRequest(request: TransportRequest): void {
  const issue = requestSchema.safeParse(request).error?.issues[0]
  if (issue) throw new DualscopeError('validation', describeIssue(issue, request))
  validateOrder(request.messages)
  validatePartial(request.messages)
  validateTools(request)
}

/** What no shape can say (Model Studio, "Error messages": both are refused with 400). */
function validateOrder(messages: readonly Message[]): void {
  let calls: readonly string[] = []
  for (const [index, message] of messages.entries()) {
    if (message.role === 'assistant') calls = message.toolCalls?.map(({ id }) => id) ?? []
    else if (message.role !== 'tool') calls = []
    else if (!calls.includes(message.toolCallId)) {
      const reason = `the assistant message before it calls no "${message.toolCallId}"`
      throw new DualscopeError('validation', `messages[${index}].toolCallId: ${reason}`)
    }
  }
  const last = messages.at(-1)
  if (last?.role === 'system' || (last?.role === 'assistant' && !last.partial)) {
    const reason = `the last message must be one of the user or of a tool, not of the ${last.role}`
    throw new DualscopeError('validation', `messages[${messages.length - 1}]: ${reason}`)
  }
}

/** Partial mode is for the answer to come; in a history its continuation follows (Model Studio, "Partial mode"). */
function validatePartial(messages: readonly Message[]): void {
  for (const [index, message] of messages.entries()) {
    const next = messages[index + 1]
    if (message.role !== 'assistant' || !message.partial || !next || next.role === 'assistant') continue
    const reason = 'only the last message may be partial, or one whose continuation follows'
    throw new DualscopeError('validation', `messages[${index}].partial: ${reason}`)
  }
}
