import { isJsonObject, isList, type JsonObject } from '../json.ts'
import type { TransportRequest } from '../transport.ts'

type Look = (value: unknown) => boolean

const flag: Look = (value) => typeof value === 'boolean'
const text: Look = (value) => typeof value === 'string'
const words: Look = (value) => typeof value === 'string' && value !== ''
const between =
  (least: number, most: number): Look =>
  (value) =>
    typeof value === 'number' && value >= least && value <= most
const count: Look = (value) => Number.isSafeInteger(value) && between(1, Infinity)(value)

const messages: Readonly<Record<string, Readonly<Record<string, Look>>>> = {
  system: { role: text, content: text },
  user: { role: text, content: words },
  assistant: { role: text, content: text, reasoning: text },
}

const message: Look = (value) => {
  if (!isJsonObject(value)) return false
  const { role, content } = value
  const looks = typeof role === 'string' && Object.hasOwn(messages, role) ? messages[role] : undefined
  return looks !== undefined && content !== undefined && consistsOf(value, looks)
}

const endsWithUser = (list: readonly unknown[]) => {
  const last = list.at(-1)
  return isJsonObject(last) && last['role'] === 'user'
}

const settings: Readonly<Record<string, Look>> = {
  messages: (list) => isList(list) && list.every(message) && endsWithUser(list),
  model: words,
  thinking: flag,
  search: flag,
  maxTokens: count,
  maxCompletionTokens: count,
  temperature: between(0, 1.99),
  topP: between(0.01, 1),
}

/**
 * Whether a request is a chat in words with the usual settings, and right. It knows nothing else, and need not: zod and
 * all that explains what is wrong decide about every other request, and are loaded only then.
 */
export function isPlainRequest(request: Readonly<TransportRequest>): boolean {
  return (
    isJsonObject(request) &&
    request.messages !== undefined &&
    request.model !== undefined &&
    consistsOf(request, settings)
  )
}

/** Whether each field that is set is one of those that are known, and right. */
function consistsOf(fields: JsonObject, looks: Readonly<Record<string, Look>>): boolean {
  for (const name in fields) {
    if (!Object.hasOwn(looks, name)) return false
    const value = fields[name]
    if (value !== undefined && !looks[name]?.(value)) return false
  }
  return true
}
