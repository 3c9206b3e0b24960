import type { Unsupported } from '../codec.ts'
import { DualscopeError } from '../errors.ts'
import type { JsonSchema } from '../json.ts'
import { fitFeatures } from './features.ts'
import { fitHistory } from './history.ts'
import { fitToolChoice } from './fit-tool-choice.ts'
import { toJsonSchema } from '../output/to-json-schema.ts'
import type { Message } from '../chat/message.ts'
import { withReadableParts } from './model-inputs.ts'
import { findModels, modelInfo } from '../models/catalogue.ts'
import type { ModelInfo } from '../models/model-info.ts'
import { addInstruction, prepareOutput, type PreparedOutput } from './output-instruction.ts'
import type { PreparedMessage } from './prepared.ts'
import { isThinking } from './is-thinking.ts'
import { preparedThinking, preservesThinking, type PreparedThinking } from './thinking.ts'
import { checkTokenLimits } from './token-limits.ts'
import type { Tool } from '../chat/tool.ts'
import type { TransportRequest } from '../transport.ts'

/** A tool as it goes out. */
export interface PreparedTool {
  name: string
  description: string
  parameters: JsonSchema
}

/** A request as a codec writes it: the model is known, and only what goes out is left in it. */
export interface PreparedRequest extends Omit<
  TransportRequest,
  'messages' | 'model' | 'thinking' | 'tools' | 'output'
> {
  messages: readonly PreparedMessage[]
  model: string
  /** What the catalogue knows of the model, also where requests are not checked against it. */
  modelInfo: ModelInfo | undefined
  thinking: PreparedThinking
  tools?: readonly PreparedTool[] | undefined
  output?: PreparedOutput | undefined
  /**
   * Messages with a role and a text alone, and no settings but `thinking.enable`, `temperature` and `topP`; undefined where
   * that is not known.
   */
  plain?: true | undefined
  /** How many messages of ours stand before the caller's: the places that errors name are counted without them. */
  ahead?: number | undefined
}

/** A request that fits its model, while its media may still be bytes. */
export interface FittedRequest extends Omit<PreparedRequest, 'messages'> {
  messages: readonly Message[]
}

/** A request that fits, and what had to be taken out of it. */
export interface FitRequest {
  request: FittedRequest
  unsupported: readonly Unsupported[]
}

/**
 * Fits a request to its model: what the model fulfils by nature is not sent, what it cannot do is taken out and named.
 * With `validate: false` everything goes out as asked.
 */
export async function prepareRequest(
  request: TransportRequest,
  { validate }: { validate: boolean },
): Promise<FitRequest> {
  const { model, thinking: wish, tools, output, ...rest } = request
  if (!model) throw new DualscopeError('validation', 'model: missing; give one to the request or to createClient()')
  const info = modelInfo(model)
  const checked = validate ? info : undefined
  const { thinking, unsupported } = preparedThinking(wish, checked)
  const prepared: FittedRequest = { ...rest, model, modelInfo: modelInfo(model), thinking }
  if (tools) prepared.tools = await Promise.all(tools.map(preparedTool))
  const thinks = isThinking(wish, info)
  prepared.messages = fitHistory(request.messages, { thinks, preserves: preservesThinking(wish, info) })
  const asked = output === undefined ? undefined : await prepareOutput(output, request.messages, info)
  if (asked) prepared.output = asked.output
  if (checked) checkTokenLimits(request, checked)
  const refused = checked ? fitModel(prepared, checked, thinks) : []
  // In words also where the model has no JSON mode: a caller who lets it be dropped still wants data.
  if (asked?.instruction) addInstruction(prepared, asked.instruction)
  return { request: prepared, unsupported: [...unsupported, ...refused] }
}

function fitModel(request: FittedRequest, info: ModelInfo, thinks: boolean): readonly Unsupported[] {
  const inputs = withReadableParts(request.messages, info)
  request.messages = inputs.messages
  return [
    ...inputs.unsupported,
    ...dropUnsettable(request, info),
    ...fitToolChoice(request, info, thinks),
    ...fitFeatures(request, info, thinks),
  ]
}

async function preparedTool({ name, description, input }: Tool, index: number): Promise<PreparedTool> {
  return { name, description, parameters: input ? await toJsonSchema(input, `tools[${index}].input`) : {} }
}

/** Takes out of the request what the model does not let one set, and names it. */
function dropUnsettable(request: FittedRequest, info: ModelInfo): Unsupported[] {
  const unsupported: Unsupported[] = []
  for (const parameter of info.unsupportedParameters) {
    if (request[parameter] === undefined || request[parameter] === false) continue
    delete request[parameter]
    const others = findModels((model) => !model.unsupportedParameters.includes(parameter))
    const message = `${info.id} does not take ${parameter}; ${others ? `${others} do` : 'no Kimi model does'}`
    unsupported.push({ field: parameter, path: parameter, message })
  }
  return unsupported
}
