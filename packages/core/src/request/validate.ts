import type { Message } from '../chat/message.ts'
import type { TransportRequest } from '../chat/request.ts'
import { DualscopeError } from '../errors.ts'
import { explainNonJson, isJsonObject, parseJson } from '../json.ts'
import { truncate } from '../redact.ts'
import { explainIssue } from './explain-issue.ts'
import { explainMisplacedOption } from './options.ts'
import { requestNames, requestSchema } from './schema.ts'

// A message shows what identifies a value, not megabytes of it.
const longestName = 80
const longestList = 500

/** Says where a model can be named. */
export const missingModel = 'model: missing; pass one in the request, or once to createClient() or connect()'

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
    if (issue?.path[0] === 'model' && request.model === undefined) {
      throw new DualscopeError('validation', missingModel)
    }
    throw new DualscopeError('validation', issue ? explainIssue(issue, request, place) : 'the request is invalid')
  }
  checkOrder(data.messages)
  checkPartial(data.messages)
  checkCacheMarks(data.messages)
  checkTools(data)
  return data.extra === undefined ? data : { ...data, extra: copyExtra(data.extra) }
}

/** Checks what no shape can express (Model Studio, "Error messages": both are refused with 400). */
function checkOrder(messages: readonly Message[]): void {
  let caller = -1
  // How many calls of the last assistant message have no result so far, by their id: some deployments give several the same.
  let open = new Map<string, number>()
  const requireResults = () => {
    const [id] = [...open].find(([, count]) => count > 0) ?? []
    if (id === undefined) return
    const reason = `the call "${truncate(id, longestName)}" has no result; add { role: 'tool', toolCallId, content }, or remove it`
    throw new DualscopeError('validation', `messages[${caller}].toolCalls: ${reason}`)
  }
  for (const [index, message] of messages.entries()) {
    if (message.role === 'tool') {
      const { toolCallId } = message
      const left = open.get(toolCallId)
      if (!left) {
        const id = `"${truncate(toolCallId, longestName)}"`
        const reason =
          left === undefined ? `the assistant message before it calls no ${id}` : `the call ${id} already has a result`
        throw new DualscopeError('validation', `messages[${index}].toolCallId: ${reason}`)
      }
      open.set(toolCallId, left - 1)
      continue
    }
    requireResults()
    caller = index
    open = new Map()
    if (message.role !== 'assistant') continue
    for (const { id } of message.toolCalls ?? []) open.set(id, (open.get(id) ?? 0) + 1)
  }
  requireResults()
  if (!messages.some(({ role }) => role === 'user')) {
    throw new DualscopeError('validation', 'messages: must hold a message of the user')
  }
  const last = messages.at(-1)
  if (last?.role === 'system' || (last?.role === 'assistant' && !last.partial)) {
    const partial = last.role === 'assistant' ? '; set partial: true to have the model continue it' : ''
    const reason = `the last message must be one of the user or of a tool, not of the ${last.role}${partial}`
    throw new DualscopeError('validation', `messages[${messages.length - 1}]: ${reason}`)
  }
}

/** Copies `extra` as JSON, and checks that nothing is lost: JSON drops functions and empties a Map without a word. */
function copyExtra(extra: NonNullable<TransportRequest['extra']>): TransportRequest['extra'] {
  for (const [name, value] of Object.entries(extra)) {
    const problem = explainNonJson(value, `extra.${name}`)
    if (problem) throw new DualscopeError('validation', problem)
  }
  const copy = parseJson(JSON.stringify(extra))
  return isJsonObject(copy) ? copy : extra
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
  const marks = messages.flatMap((message, index) => cachePaths(message, `messages[${index}]`))
  const path = marks[mostCacheMarks]
  if (path === undefined) return
  const reason = `a request has at most ${mostCacheMarks} marks, got ${marks.length}; keep those at the ends of the longest prefixes`
  throw new DualscopeError('validation', `${path}: ${reason}`)
}

/** Lists the marks of a message by their place; `path` is that of the message. */
export function cachePaths({ content }: Message, path: string): string[] {
  if (typeof content === 'string') return []
  return content.flatMap((part, place) => (part.cache ? [`${path}.content[${place}].cache`] : []))
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
    const available = truncate(names.join(', '), longestList) || 'none'
    const reason = `unknown tool "${truncate(toolChoice.name, longestName)}"; available: ${available}`
    throw new DualscopeError('validation', `toolChoice.name: ${reason}`)
  }
}

function toolNameError(name: string, first: number, index: number): string | undefined {
  if (!/^[A-Za-z0-9_-]{1,64}$/.test(name))
    return `must be 1 to 64 of A-Z a-z 0-9 _ -, got ${JSON.stringify(truncate(name, longestName))}`
  if (name === 'search') return 'the service refuses "search"; use another name'
  return first < index ? `"${name}" is also the name of tools[${first}]` : undefined
}
