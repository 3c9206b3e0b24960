import type { Unsupported } from '../codec.ts'
import type { ModelInfo } from '../models/model-info.ts'
import { findModels } from '../models/catalogue.ts'
import type { FittedRequest } from './prepare.ts'

/**
 * Takes out a forced choice while the model thinks: "tool_choice is one of the strings that should be ["none","auto"]"
 * (Model Studio, "Error messages"). The row of kimi-k3 allows `required` all the same.
 */
export function fitToolChoice(request: FittedRequest, info: ModelInfo, thinks: boolean): readonly Unsupported[] {
  const { toolChoice: choice } = request
  if (!thinks || choice === undefined || choice === 'auto' || choice === 'none') return []
  if (choice === 'required' && info.features.requiredToolChoice) return []
  delete request.toolChoice
  const forced = choice === 'required' ? '"required"' : 'the choice of one tool'
  const message = `${info.id} does not take ${forced} while it thinks; ${wayOut(choice === 'required', info)}`
  return [{ field: 'toolChoice', path: 'toolChoice', message }]
}

function wayOut(required: boolean, info: ModelInfo): string {
  if (info.thinking === 'optional') return 'it does with thinking: false'
  if (required) return `${findModels((model) => model.features.requiredToolChoice)} do`
  return `${findModels((model) => model.thinking !== 'always')} do with thinking: false`
}
