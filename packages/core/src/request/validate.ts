import type { Message } from '../chat/message.ts'
import type { TransportRequest } from '../chat/request.ts'
import { DualscopeError } from '../errors.ts'
import { explainIssue } from './explain-issue.ts'
import { explainMisplacedOption } from './options.ts'
import { requestNames, requestSchema } from './schema.ts'

const place = {
  names: requestNames,
  root: 'the request',
  hint: '; pass what the service takes beyond this library in extra',
  explainKey: explainMisplacedOption,
}

/**
 * Checks a request and returns a copy of it, so that later changes to the caller's objects change nothing. Throws
 * `validation` with the place, the limit and the value.
 */
export function validateRequest(request: TransportRequest): TransportRequest {
  const { data, error } = requestSchema.safeParse(request)
  if (error) {
    const [issue] = error.issues
    throw new DualscopeError('validation', issue ? explainIssue(issue, request, place) : 'the request is invalid')
  }
  checkOrder(data.messages)
  checkPartial(data.messages)
  checkCacheMarks(data.messages)
  checkTools(data)
  return data
}

/** Checks what no shape can express (Model Studio, "Error messages": both are refused with 400). */
function checkOrder(messages: readonly Message[]): void {
  let caller = -1
  // The calls of the last assistant message, and those without a result so far.
  let calls = new Set<string>()
  let open = new Set<string>()
  const requireResults = () => {
    const [id] = open
    if (id === undefined) return
    const reason = `the call "${id}" has no result; add { role: 'tool', toolCallId, content }, or remove it`
    throw new DualscopeError('validation', `messages[${caller}].toolCalls: ${reason}`)
  }
  for (const [index, message] of messages.entries()) {
    if (message.role === 'tool') {
      if (!calls.has(message.toolCallId)) {
        const reason = `the assistant message before it calls no "${message.toolCallId}"`
        throw new DualscopeError('validation', `messages[${index}].toolCallId: ${reason}`)
      }
      open.delete(message.toolCallId)
      continue
    }
    requireResults()
    caller = index
    calls = new Set(message.role === 'assistant' ? message.toolCalls?.map(({ id }) => id) : [])
    open = new Set(calls)
  }
  requireResults()
  const last = messages.at(-1)
  if (last?.role === 'system' || (last?.role === 'assistant' && !last.partial)) {
    const reason = `the last message must be one of the user or of a tool, not of the ${last.role}`
    throw new DualscopeError('validation', `messages[${messages.length - 1}]: ${reason}`)
  }
}

/** Partial mode is for the answer to come; in a history its continuation follows (Model Studio, "Partial mode"). */
function checkPartial(messages: readonly Message[]): void {
  for (const [index, message] of messages.entries()) {
    const next = messages[index + 1]
    if (message.role !== 'assistant' || !message.partial || !next || next.role === 'assistant') continue
    const reason = 'only the last message may be partial, or one whose continuation follows'
    throw new DualscopeError('validation', `messages[${index}].partial: ${reason}`)
  }
}

const mostCacheMarks = 4

/** Checks how many marks a request has (Model Studio, "Context Cache", 2026-10-11: at most four). */
function checkCacheMarks(messages: readonly Message[]): void {
  const marks = messages.flatMap(cachePaths)
  const path = marks[mostCacheMarks]
  if (path === undefined) return
  const reason = `a request has at most ${mostCacheMarks} marks, got ${marks.length}; keep those at the ends of the longest prefixes`
  throw new DualscopeError('validation', `${path}: ${reason}`)
}

/** Lists the marks of a message by their place. */
export function cachePaths({ content }: Message, index: number): string[] {
  if (typeof content === 'string') return []
  return content.flatMap((part, place) => (part.cache ? [`messages[${index}].content[${place}].cache`] : []))
}

/** Checks the names that the service would refuse (both API references of Model Studio, `tools`). */
function checkTools({ tools = [], toolChoice }: TransportRequest): void {
  const names = tools.map(({ name }) => name)
  const firstIndex = new Map<string, number>()
  for (const [index, name] of names.entries()) {
    if (!firstIndex.has(name)) firstIndex.set(name, index)
    const reason = toolNameError(name, firstIndex.get(name) ?? index, index)
    if (reason) throw new DualscopeError('validation', `tools[${index}].name: ${reason}`)
  }
  if (toolChoice === 'required' && names.length === 0) {
    throw new DualscopeError('validation', 'toolChoice: "required" needs tools to choose from')
  }
  if (typeof toolChoice === 'object' && !names.includes(toolChoice.name)) {
    const available = names.length > 0 ? names.join(', ') : 'none'
    const reason = `unknown tool "${toolChoice.name}"; available: ${available}`
    throw new DualscopeError('validation', `toolChoice.name: ${reason}`)
  }
}

function toolNameError(name: string, first: number, index: number): string | undefined {
  if (!/^[A-Za-z0-9_-]{1,64}$/.test(name)) return `must be 1 to 64 of A-Z a-z 0-9 _ -, got ${JSON.stringify(name)}`
  if (name === 'search') return 'the service refuses "search"; use another name'
  return first < index ? `"${name}" is also the name of tools[${first}]` : undefined
}
