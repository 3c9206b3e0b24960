import type { TransportRequest } from '../chat/request.ts'
import type { Tool } from '../chat/tool.ts'
import { DualscopeError } from '../errors.ts'
import type { JsonSchema } from '../json.ts'
import { modelInfo } from '../models/catalogue.ts'
import type { ModelInfo } from '../models/model-info.ts'
import { toJsonSchema } from '../output/to-json-schema.ts'
import { applyFeatureLimits, applyToolChoiceLimits } from './features.ts'
import { adaptHistory } from './history.ts'
import { removeUnsupportedParts } from './inputs.ts'
import { isServedByMoonshot, toMoonshotTool } from './moonshot-schema.ts'
import { addInstruction, prepareOutput } from './output-instruction.ts'
import { checkTokenLimits, removeUnsupportedParameters } from './parameters.ts'
import type { AdaptedRequest, PreparedTool, UnsupportedField } from './prepared.ts'
import { keepsReasoning, prepareThinking, willThink } from './thinking.ts'
import { missingModel } from './validate.ts'

/** A request adapted to its model, and what had to be removed from it. */
export interface Preparation {
  request: AdaptedRequest
  unsupported: readonly UnsupportedField[]
}

/**
 * Adapts a request to its model: what the model always does is not sent, and what it cannot do is removed and named.
 * With `validate: false` everything is sent as the caller wrote it.
 */
export async function prepareRequest(
  request: TransportRequest,
  { validate }: { validate: boolean },
): Promise<Preparation> {
  const { model, thinking: option, tools, output, ...others } = request
  if (!model) throw new DualscopeError('validation', missingModel)
  const info = modelInfo(model)
  const checked = validate ? info : undefined
  const { thinking, unsupported } = prepareThinking(option, checked)
  const isThinking = willThink(option, info)
  const history = adaptHistory(request.messages, {
    thinking: isThinking,
    keepsReasoning: keepsReasoning(option, info),
  })
  const prepared: AdaptedRequest = { ...others, ...history, model, modelInfo: info, thinking }
  if (tools) prepared.tools = await Promise.all(tools.map(prepareTool))
  if (validate && isServedByMoonshot(model)) prepared.tools = prepared.tools?.map(toMoonshotTool)
  const structured = output === undefined ? {} : await prepareOutput(output, request.messages, checked?.features)
  if (structured.output) prepared.output = structured.output
  if (checked) checkTokenLimits(request, checked, isThinking)
  const removed = checked ? applyModelLimits(prepared, checked, isThinking) : []
  if (structured.instruction) addInstruction(prepared, structured.instruction)
  return { request: prepared, unsupported: [...unsupported, ...removed] }
}

function applyModelLimits(request: AdaptedRequest, info: ModelInfo, thinking: boolean): readonly UnsupportedField[] {
  const { messages, unsupported } = removeUnsupportedParts(request, info)
  request.messages = messages
  return [
    ...unsupported,
    ...removeUnsupportedParameters(request, info),
    ...applyToolChoiceLimits(request, info, thinking),
    ...applyFeatureLimits(request, info, thinking),
  ]
}

// Models served by Moonshot refuse parameters without a type, by reports of their users (kimi-cli 2531).
const noParameters = { type: 'object', properties: {} }

async function prepareTool({ name, description, input, execute }: Tool, index: number): Promise<PreparedTool> {
  const place = `tools[${index}].input`
  if (input === undefined) return { name, description, parameters: noParameters }
  const schema = await toJsonSchema(input, place, { checked: execute !== undefined })
  return { name, description, parameters: toParameters(schema, place) }
}

/** Arguments are an object: a union of objects gets its type, and anything else is an error. */
function toParameters(schema: JsonSchema, place: string): JsonSchema {
  const { type } = schema
  if (type === 'object') return 'properties' in schema ? schema : { ...schema, properties: {} }
  if (type === undefined && !('enum' in schema) && !('const' in schema)) return { type: 'object', ...schema }
  throw new DualscopeError('validation', `${place}: must describe an object, got type ${JSON.stringify(type)}`)
}
