import { parseJson } from '../json.ts'

const fence = '```'
const endOfThinking = '</think>'
// A text may open brackets without end; each attempt reads to its end.
const mostAttempts = 16

/**
 * Finds the JSON values of an answer where models put them: alone, in code blocks (also unclosed, or among sentences), after
 * `<think>…</think>`, or among sentences. Values that are equal count once.
 */
export function findJson(text: string): unknown[] {
  for (const candidate of [text, withoutThinking(text)]) {
    const value = parseJson(candidate.trim())
    if (value !== undefined) return [value]
  }
  const answer = withoutThinking(text)
  const fenced = valuesInFences(answer)
  return distinct(fenced.length > 0 ? fenced : valuesInText(answer))
}

function withoutThinking(text: string): string {
  const end = text.lastIndexOf(endOfThinking)
  return end === -1 ? text : text.slice(end + endOfThinking.length)
}

function valuesInFences(text: string): unknown[] {
  const values: unknown[] = []
  for (let open = text.indexOf(fence); open !== -1;) {
    const start = open + fence.length
    const close = text.indexOf(fence, start)
    const block = text.slice(start, close === -1 ? undefined : close)
    const value = parseJson(block.replace(/^[a-z0-9]*/i, '').trim())
    if (value !== undefined) values.push(value)
    if (close === -1) break
    open = text.indexOf(fence, close + fence.length)
  }
  return values
}

function valuesInText(text: string): unknown[] {
  const values: unknown[] = []
  let start = nextBracket(text, 0)
  for (let attempt = 0; start !== -1 && attempt < mostAttempts; attempt += 1) {
    const end = endOfValue(text, start)
    const value = end === undefined ? undefined : parseJson(text.slice(start, end))
    if (value !== undefined) values.push(value)
    start = nextBracket(text, value === undefined || end === undefined ? start + 1 : end)
  }
  return values
}

function nextBracket(text: string, from: number): number {
  const object = text.indexOf('{', from)
  const list = text.indexOf('[', from)
  return object === -1 || (list !== -1 && list < object) ? list : object
}

/** Returns where the brackets that open at a place are closed, strings aside. */
function endOfValue(text: string, start: number): number | undefined {
  let depth = 0
  let inString = false
  for (let index = start; index < text.length; index += 1) {
    const character = text[index]
    if (character === '"') inString = !inString
    else if (inString) index += character === '\\' ? 1 : 0
    else if (character === '{' || character === '[') depth += 1
    else if (character === '}' || character === ']') depth -= 1
    if (depth === 0 && !inString) return index + 1
  }
  return undefined
}

function distinct(values: readonly unknown[]): unknown[] {
  return [...new Map(values.map((value) => [JSON.stringify(value), value])).values()]
}
