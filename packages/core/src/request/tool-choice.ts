import { findModels } from '../models/catalogue.ts'
import type { ModelInfo } from '../models/model-info.ts'
import type { AdaptedRequest, UnsupportedField } from './prepared.ts'

/**
 * Removes a forced choice while the model thinks: "tool_choice is one of the strings that should be ["none","auto"]"
 * (Model Studio, "Error messages"). The row of kimi-k3 allows `required` all the same.
 */
export function applyToolChoiceLimits(
  request: AdaptedRequest,
  info: ModelInfo,
  thinking: boolean,
): readonly UnsupportedField[] {
  const { toolChoice: choice } = request
  if (!thinking || choice === undefined || choice === 'auto' || choice === 'none') return []
  if (choice === 'required' && info.features.requiredToolChoice) return []
  delete request.toolChoice
  const forced = choice === 'required' ? '"required"' : 'the choice of one tool'
  const alternative = suggestAlternative(choice === 'required', info)
  const message = `${info.id} does not support ${forced} while it thinks; ${alternative}`
  return [{ field: 'toolChoice', path: 'toolChoice', message }]
}

function suggestAlternative(required: boolean, info: ModelInfo): string {
  if (info.thinking === 'optional') return 'it does with thinking: false'
  if (required) return `${findModels((model) => model.features.requiredToolChoice)} do`
  return `${findModels((model) => model.thinking !== 'always')} do with thinking: false`
}
