import type { ToolCall } from '../chat/message.ts'
import type { Tool, ToolContext } from '../chat/tool.ts'
import { DualscopeError } from '../errors.ts'
import { classOf, isJsonObject, isWrittenWhole, parseJson } from '../json.ts'
import { checkData, describeIssues } from '../output/check-data.ts'
import { truncate } from '../redact.ts'

/** The message for the model about a call. With `error`, it is that error's message. */
export interface ToolOutcome {
  content: string
  error?: unknown
}

// The message of an error is billed in every further step of the conversation.
const longestContent = 2_000

/** Runs a tool for a call of the model. Every error becomes the tool's result; it never rejects. */
export async function runTool(
  { name, arguments: text }: ToolCall,
  tools: readonly Tool[],
  context: ToolContext,
): Promise<ToolOutcome> {
  try {
    const tool = tools.find((candidate) => candidate.name === name)
    if (!tool?.execute) {
      const available = tools.map((candidate) => candidate.name).join(', ')
      throw new DualscopeError('tool', `Unknown tool "${name}"; available: ${available || 'none'}`)
    }
    const result = await tool.execute(await readInput(tool, text), context)
    // Some tools return their error instead of throwing it.
    if (result instanceof Error) throw result
    return { content: contentOf(result, name) }
  } catch (error) {
    return { content: messageOf(error), error }
  }
}

async function readInput({ name, input }: Tool, text: string): Promise<unknown> {
  // Some models write nothing if there are no arguments.
  const data = text.trim() === '' ? {} : parseJson(text)
  if (!isJsonObject(data)) {
    // In the history they go back as {}, so the model is shown what it wrote.
    throw new DualscopeError(
      'tool',
      truncate(`The arguments of ${name} are not a JSON object: ${text}`, longestContent),
    )
  }
  if (!input) return data
  const checked = await checkData(input, data)
  if ('data' in checked) return checked.data
  throw new DualscopeError('tool', `The arguments of ${name} do not match: ${describeIssues(checked.issues)}`)
}

/** The service refuses empty content, so an empty result is written as JSON: `null`, or `""`. */
function contentOf(value: unknown, name: string): string {
  if (typeof value === 'string' && value !== '') return value
  const check = (_key: string, inner: unknown) => {
    if (typeof inner !== 'object' || inner === null || isWrittenWhole(inner)) return inner
    const kind = classOf(inner)
    throw new DualscopeError(
      'tool',
      `The result of ${name} holds an object of class ${kind}; return text or plain data`,
    )
  }
  const json = JSON.stringify(value, check) as string | undefined
  return json ?? 'null'
}

/** Returns the message alone: a stack or a cause may hold what is not for the model. A tool can throw anything. */
function messageOf(error: unknown): string {
  try {
    const message = typeof error === 'object' && error !== null && 'message' in error ? error.message : error
    if (typeof message === 'string' && message !== '') return truncate(message, longestContent)
    return error instanceof Error ? error.name : 'The tool failed'
  } catch {
    // A getter that throws, or a revoked proxy.
    return 'The tool failed'
  }
}
