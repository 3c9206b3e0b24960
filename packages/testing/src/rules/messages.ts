import type { Conversation, Turn } from './conversation.ts'
import { type Issue, missingOrInvalid, createIssue, warn } from './issue.ts'
import type { Model } from './models.ts'

const orphan = 'messages with role "tool" must be a response to a preceeding message with "tool_calls".'
const unanswered =
  'An assistant message with "tool_calls" must be followed by tool messages responding to each "tool_call_id".'
const notJson = 'The "function.arguments" parameter of the code model must be in JSON format.'
const noContent = 'The content field is a required field.'

function isEmpty(turn: Turn) {
  return turn.text === '' && turn.media.length === 0
}

function isJson(text: string) {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

/** Validates that tool calls and tool messages belong together. */
function judgeTools(conversation: Conversation, root: string): Issue[] {
  const { protocol, turns } = conversation
  const issues: Issue[] = []
  let open = new Set<string>()
  turns.forEach((turn, index) => {
    const path = `${root}.${index}`
    if (turn.role === 'tool') {
      if (turn.toolCallId === undefined && protocol === 'compatible') {
        issues.push(createIssue(protocol, 'parameter', missingOrInvalid('tool_call_id'), `${path}.tool_call_id`))
      } else if (turn.toolCallId === undefined ? open.size === 0 : !open.delete(turn.toolCallId)) {
        issues.push(createIssue(protocol, 'parameter', orphan, path))
      } else if (turn.toolCallId === undefined) {
        // Optional in the native documents: the message answers the first open call.
        for (const id of [...open].slice(0, 1)) open.delete(id)
        issues.push(warn('tool_call_id should be sent', `${path}.tool_call_id`))
      }
      return
    }
    if (open.size > 0) issues.push(createIssue(protocol, 'parameter', unanswered, path))
    for (const [position, call] of turn.toolCalls.entries()) {
      const place = `${path}.tool_calls.${position}.function.arguments`
      if (!isJson(call.arguments)) issues.push(createIssue(protocol, 'parameter', notJson, place))
    }
    open = new Set(turn.toolCalls.map(({ id }) => id))
    if (open.size < turn.toolCalls.length) {
      issues.push(createIssue(protocol, 'parameter', missingOrInvalid('tool_calls.id'), `${path}.tool_calls`))
    }
  })
  if (open.size > 0) issues.push(createIssue(protocol, 'parameter', unanswered, `${root}.${turns.length - 1}`))
  return issues
}

/** Validates the content of each message. */
function judgeContent(conversation: Conversation, model: Partial<Model> | undefined, root: string): Issue[] {
  return conversation.turns.flatMap((turn, index) => {
    const { protocol, service } = conversation
    const path = `${root}.${index}.content`
    // Cache marks need parts, and undocumented models have accepted lists (recorded).
    if (service === 'text-generation' && turn.content === 'array' && model && turn.cacheMarks === 0) {
      return [createIssue(protocol, 'parameter', 'input content must be a string.', path)]
    }
    if (turn.role === 'system' && turn.bringsTools) {
      // Only kimi-k3 supports it, and only without content (its page).
      const allowed = model?.dynamicTools !== false && turn.content === 'absent'
      return allowed ? [] : [createIssue(protocol, 'parameter', 'tokenization failed', path)]
    }
    if (turn.role === 'assistant' && turn.toolCalls.length > 0) return []
    if (turn.content === 'absent') return [createIssue(protocol, 'parameter', noContent, path)]
    // Alibaba's models accept an empty answer; Moonshot's do not (kimi-code 1985, AstrBot 7200).
    if (isEmpty(turn) && turn.role === 'assistant' && conversation.model.startsWith('kimi/')) {
      const words = `Invalid request: the message at position ${index} with role 'assistant' must not be empty`
      return [createIssue(protocol, 'parameter', words, path)]
    }
    if (isEmpty(turn) && (turn.role === 'user' || turn.role === 'system')) {
      const words = 'Role must be user or assistant and Content length must be greater than 0'
      return [createIssue(protocol, 'parameter', words, path)]
    }
    if (turn.media.length > 0 && turn.role !== 'user') {
      return [createIssue(protocol, 'parameter', missingOrInvalid('messages.content'), path)]
    }
    return []
  })
}

/** Validates the conversation: roles, contents and their order ("Error messages" page). */
export function judgeMessages(conversation: Conversation, model: Partial<Model> | undefined): Issue[] {
  const { protocol, turns } = conversation
  const root = protocol === 'compatible' ? 'messages' : 'input.messages'
  const issues = [...judgeContent(conversation, model, root), ...judgeTools(conversation, root)]
  if (!turns.some(({ role }) => role === 'user')) {
    const words = 'The input messages do not contain elements with the role of user.'
    issues.push(createIssue(protocol, 'parameter', words, root))
  }
  const marks = turns.reduce((sum, turn) => sum + turn.cacheMarks, 0)
  if (marks > 4) issues.push(warn('cache_control: at most 4 marks a request', root))
  turns.forEach(({ partial, role }, index) => {
    if (!partial || (role === 'assistant' && index === turns.length - 1)) return
    issues.push(createIssue(protocol, 'parameter', missingOrInvalid('partial'), `${root}.${index}.partial`))
  })
  const last = turns.at(-1)
  if (last && !last.partial && (last.role === 'system' || (last.role === 'assistant' && last.toolCalls.length === 0))) {
    const words = 'The last message must be of the role user or tool.'
    issues.push(createIssue(protocol, 'parameter', words, `${root}.${turns.length - 1}`))
  }
  return issues
}
