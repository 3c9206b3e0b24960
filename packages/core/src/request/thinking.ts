import type { ChatRequest, ThinkingOptions } from '../chat/request.ts'
import { findModels } from '../models/catalogue.ts'
import type { ModelInfo } from '../models/model-info.ts'
import type { PreparedThinking, UnsupportedField } from './prepared.ts'

type ThinkingOption = ChatRequest['thinking']

/** Whether the answer will begin with reasoning. */
export function willThink(option: ThinkingOption, info: ModelInfo | undefined): boolean {
  if (info?.thinking === 'always') return true
  if (info?.thinking === 'never') return false
  return option !== undefined && option !== false
}

/** Whether the model reads the reasoning of earlier turns. */
export function keepsReasoning(option: ThinkingOption, info: ModelInfo | undefined): boolean {
  if (!willThink(option, info)) return false
  const preserve = typeof option === 'object' ? option.preserve : undefined
  switch (info?.preserveThinking) {
    case 'always':
      return true
    case 'opt-out':
      return preserve !== false
    case 'opt-in':
    case undefined:
      return preserve === true
    case 'never':
      return false
  }
}

/**
 * Translates the `thinking` option for a model. Sends nothing for what the model always does; reports what it cannot do
 * as unsupported.
 */
export function prepareThinking(
  option: ThinkingOption,
  info: ModelInfo | undefined,
): { thinking: PreparedThinking; unsupported: readonly UnsupportedField[] } {
  const wanted = option !== undefined && option !== false
  const options: ThinkingOptions = typeof option === 'object' ? option : {}
  const enable = option === undefined ? undefined : wanted
  if (!info) return { thinking: { enable, ...options }, unsupported: [] }

  if (info.thinking === 'never' && wanted) {
    const message = `${info.id} does not think; ${findModels((model) => model.thinking !== 'never')} can`
    return { thinking: {}, unsupported: [{ field: 'thinking', path: 'thinking', message }] }
  }
  if (info.thinking === 'always' && enable === false) {
    const message = `${info.id} always thinks; ${findModels((model) => model.thinking !== 'always')} can answer without`
    return { thinking: {}, unsupported: [{ field: 'thinking', path: 'thinking', message }] }
  }
  const thinking: PreparedThinking = info.thinking === 'optional' ? { enable } : {}
  const unsupported: UnsupportedField[] = []
  const report = (field: string, message: string) => unsupported.push({ field, path: `thinking.${field}`, message })

  if (options.budget !== undefined) {
    if (info.thinkingBudget) thinking.budget = options.budget
    else report('budget', `${info.id} takes no budget; ${findModels((model) => model.thinkingBudget)} do`)
  }
  if (options.preserve !== undefined) {
    if (hasPreserveSwitch(info)) thinking.preserve = options.preserve
    else if (options.preserve !== (info.preserveThinking === 'always')) {
      const does = options.preserve ? 'does not read' : 'always reads'
      report(
        'preserve',
        `${info.id} ${does} the reasoning of earlier turns; ${findModels(hasPreserveSwitch)} can switch`,
      )
    }
  }
  if (options.effort !== undefined) {
    if (info.thinkingEfforts.includes(options.effort)) thinking.effort = options.effort
    else {
      const others = findModels((model) => model.thinkingEfforts.some((effort) => effort === options.effort))
      report('effort', `${info.id} takes no effort "${options.effort}"; ${others} does`)
    }
  }
  return { thinking, unsupported }
}

function hasPreserveSwitch({ preserveThinking }: ModelInfo): boolean {
  return preserveThinking === 'opt-in' || preserveThinking === 'opt-out'
}
