import { fieldsOf, type Fields } from '../fields.ts'
import type { Conversation } from './conversation.ts'
import { createIssue, type Issue, warn } from './issue.ts'

const words = {
  empty: 'must not be empty',
  type: 'tools.function.parameters.type is required and must be "object"',
  items: 'tools.function.parameters is not a valid moonshot flavored json schema: items must be an object',
  alternatives:
    'tools.function.parameters is not a valid moonshot flavored json schema: type should be defined in anyOf items instead of the parent schema',
  reference:
    'tools.function.parameters is not a valid moonshot flavored json schema: a schema with $ref must not have other keywords',
  name: 'tools.function.name is invalid, must start with a letter and can contain letters, numbers, underscores, and dashes',
  count: 'tools: at most 128 functions are supported',
}

/** Finds the first error in a JSON Schema that only Moonshot refuses. */
function schemaFault(value: unknown): string | undefined {
  if (Array.isArray(value)) return firstFault(value)
  if (typeof value !== 'object' || value === null) return undefined
  const schema: Fields = fieldsOf(value)
  if ('$ref' in schema && Object.keys(schema).length > 1) return words.reference
  if ('anyOf' in schema && 'type' in schema) return words.alternatives
  if (typeof schema['items'] === 'boolean') return words.items
  // The keys of these are names, not keywords.
  const nested = Object.entries(schema).flatMap(([key, each]) =>
    key === 'properties' || key === '$defs' ? Object.values(fieldsOf(each)) : [each],
  )
  return firstFault(nested)
}

function firstFault(values: readonly unknown[]): string | undefined {
  for (const value of values) {
    const fault = schemaFault(value)
    if (fault !== undefined) return fault
  }
  return undefined
}

/**
 * Validates a request to a model that Moonshot serves, `kimi/…`, by the rules of Moonshot. They are known from reports of users
 * only (kimi-code 1985, AstrBot 7200, vercel/ai 18921, kimi-cli 2531).
 */
export function judgeMoonshot({ protocol, turns, options, thinking }: Conversation): Issue[] {
  const issues: Issue[] = []
  const refuse = (text: string, path: string) => issues.push(createIssue(protocol, 'parameter', text, path))
  for (const [index, turn] of turns.entries()) {
    if (turn.role !== 'assistant') continue
    const path = `messages.${index}.content`
    if (turn.text === '' && turn.toolCalls.length === 0) {
      refuse(`message at position ${index} with role 'assistant' ${words.empty}`, path)
    }
    if (thinking && turn.toolCalls.length > 0 && turn.reasoning === undefined) {
      issues.push(warn(`reasoning_content is missing in assistant tool call message at index ${index}`, path))
    }
  }
  const tools = options.tools ?? []
  if (tools.length > 128) refuse(words.count, 'tools')
  for (const [index, tool] of tools.entries()) {
    const path = `tools.${index}.function`
    const { name, parameters } = tool.function
    if (!/^[A-Za-z_]/.test(name)) refuse(words.name, `${path}.name`)
    if (parameters != null && parameters['type'] !== 'object') refuse(words.type, `${path}.parameters`)
    const fault = schemaFault(parameters)
    if (fault !== undefined) refuse(fault, `${path}.parameters`)
  }
  return issues
}
