import { DualscopeError } from '../errors.ts'
import { loadPart } from '../lazy.ts'
import type { ToolCall } from '../chat/message.ts'
import type { Tool, ToolContext } from '../chat/tool.ts'
import { parseJson } from '../wire/read.ts'

/** What goes back to the model for a call; with `error` where it is an error's message. */
export interface ToolOutcome {
  content: string
  error?: unknown
}

/** Runs a tool for a call of the model. Whatever goes wrong becomes what the model is told; it never rejects. */
export async function runTool(
  { name, arguments: text }: ToolCall,
  tools: readonly Tool[],
  context: ToolContext,
): Promise<ToolOutcome> {
  try {
    const tool = tools.find((candidate) => candidate.name === name)
    if (!tool?.execute) {
      const known = tools.map((candidate) => candidate.name).join(', ')
      throw new DualscopeError('tool', `There is no tool "${name}"; there is ${known || 'none'}`)
    }
    return { content: contentOf(await tool.execute(await readInput(tool, text), context)) }
  } catch (error) {
    return { content: messageOf(error), error }
  }
}

async function readInput({ name, input }: Tool, text: string): Promise<unknown> {
  // Some models write nothing where there are no arguments.
  const data = text.trim() === '' ? {} : parseJson(text)
  if (data === undefined) throw new DualscopeError('tool', `The arguments of ${name} are no JSON`)
  if (!input) return data
  const { describeIssues, fitData } = await loadPart(import('../output/check-data.ts'))
  const fitted = await fitData(input, data)
  if ('data' in fitted) return fitted.data
  throw new DualscopeError('tool', `The arguments of ${name} do not fit: ${describeIssues(fitted.issues)}`)
}

/** The service refuses empty content, so that nothing is said as JSON: `null`, or `""`. */
function contentOf(value: unknown): string {
  if (typeof value === 'string' && value !== '') return value
  const json = JSON.stringify(value) as string | undefined
  return json ?? 'null'
}

/** The message and nothing else: a stack or a cause may hold what is not for the model. */
function messageOf(error: unknown): string {
  const message = typeof error === 'object' && error !== null && 'message' in error ? error.message : error
  if (typeof message === 'string' && message !== '') return message
  return error instanceof Error ? error.name : 'The tool failed'
}
