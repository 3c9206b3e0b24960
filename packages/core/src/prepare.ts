import type { Unsupported } from './codec.ts'
import { DualscopeError } from './errors.ts'
import type { JsonSchema } from './json.ts'
import { toJsonSchema } from './json-schema.ts'
import type { Message } from './message.ts'
import type { ModelInfo } from './model-info.ts'
import { withReadableParts } from './model-inputs.ts'
import { modelInfo } from './models.ts'
import type { PreparedMessage } from './prepared-message.ts'
import { modelsThat, preparedThinking, preservesThinking, type PreparedThinking } from './thinking.ts'
import { checkTokenLimits } from './token-limits.ts'
import type { Tool } from './tool.ts'
import type { TransportRequest } from './transport.ts'

/** A tool as it goes out. */
export interface PreparedTool {
  name: string
  description: string
  parameters: JsonSchema
}

/** A request as a codec writes it: the model is known, and only what goes out is left in it. */
export interface PreparedRequest extends Omit<TransportRequest, 'messages' | 'model' | 'thinking' | 'tools'> {
  messages: readonly PreparedMessage[]
  model: string
  /** The catalogue's row, also where requests are not checked against it. */
  info: ModelInfo | undefined
  thinking: PreparedThinking
  tools?: readonly PreparedTool[] | undefined
}

/** A request that fits its model, while its media may still be bytes. */
export interface FittedRequest extends Omit<PreparedRequest, 'messages'> {
  messages: readonly Message[]
}

/**
 * Fits a request to its model: what the model fulfils by nature is not sent, what it cannot do is taken out and named.
 * With `validate: false` everything goes out as asked.
 */
export async function prepareRequest(
  request: TransportRequest,
  { validate }: { validate: boolean },
): Promise<{ request: FittedRequest; unsupported: readonly Unsupported[] }> {
  const { model, thinking: wish, tools, ...rest } = request
  if (!model) throw new DualscopeError('validation', 'model: missing; give one to the request or to createClient()')
  const info = modelInfo(model)
  const checked = validate ? info : undefined
  const { thinking, unsupported } = preparedThinking(wish, checked)
  const prepared: FittedRequest = { ...rest, model, info, thinking }
  if (tools) prepared.tools = await Promise.all(tools.map(preparedTool))
  if (!preservesThinking(wish, info)) prepared.messages = withDueReasoning(request.messages)
  if (!checked) return { request: prepared, unsupported }
  checkTokenLimits(request, checked)
  const inputs = withReadableParts(prepared.messages, checked)
  prepared.messages = inputs.messages
  return {
    request: prepared,
    unsupported: [...unsupported, ...inputs.unsupported, ...dropUnsettable(prepared, checked)],
  }
}

async function preparedTool({ name, description, input }: Tool): Promise<PreparedTool> {
  return { name, description, parameters: input ? await toJsonSchema(input) : {} }
}

/**
 * Reasoning goes out on messages with tool calls, where Kimi demands it (Moonshot, "Tool Use Compatibility"), and on
 * others only where the model reads it: elsewhere it would be paid for and ignored.
 */
function withDueReasoning(messages: readonly Message[]): readonly Message[] {
  return messages.map((message) => {
    if (message.role !== 'assistant' || message.reasoning === undefined || message.toolCalls?.length) return message
    const { reasoning: _, ...rest } = message
    return rest
  })
}

/** Takes out of the request what the model does not let one set, and names it. */
function dropUnsettable(request: FittedRequest, info: ModelInfo): Unsupported[] {
  const unsupported: Unsupported[] = []
  for (const parameter of info.notSettable) {
    if (request[parameter] === undefined || request[parameter] === false) continue
    delete request[parameter]
    const others = modelsThat((model) => !model.notSettable.includes(parameter))
    const message = `${info.id} does not take ${parameter}; ${others ? `${others} do` : 'no Kimi model does'}`
    unsupported.push({ field: parameter, path: parameter, message })
  }
  return unsupported
}
