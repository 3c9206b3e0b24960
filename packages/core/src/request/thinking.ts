import type { Unsupported } from '../codec.ts'
import type { ModelInfo } from '../models/model-info.ts'
import { findModels } from '../models/catalogue.ts'
import { isThinking } from './is-thinking.ts'
import type { ChatRequest, ThinkingOptions } from '../chat/request.ts'

/** What goes out about thinking, once the model's own nature is taken into account. */
export interface PreparedThinking extends ThinkingOptions {
  /** The switch itself; absent where the model needs none. */
  enable?: boolean | undefined
}

type Wish = ChatRequest['thinking']

/** Whether the model reads the reasoning of earlier turns. */
export function preservesThinking(wish: Wish, info: ModelInfo | undefined): boolean {
  if (!isThinking(wish, info)) return false
  const preserve = typeof wish === 'object' ? wish.preserve : undefined
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

/** What is sent of a wish: nothing where the model fulfils it by nature, a refusal where it contradicts the model. */
export function preparedThinking(
  wish: Wish,
  info: ModelInfo | undefined,
): { thinking: PreparedThinking; unsupported: readonly Unsupported[] } {
  const wanted = wish !== undefined && wish !== false
  const options: ThinkingOptions = typeof wish === 'object' ? wish : {}
  const enable = wish === undefined ? undefined : wanted
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
  const unsupported: Unsupported[] = []
  const refuse = (field: string, message: string) => unsupported.push({ field, path: `thinking.${field}`, message })

  if (options.budget !== undefined) {
    if (info.thinkingBudget) thinking.budget = options.budget
    else refuse('budget', `${info.id} takes no budget; ${findModels((model) => model.thinkingBudget)} do`)
  }
  if (options.preserve !== undefined) {
    if (info.preserveThinking === 'opt-in' || info.preserveThinking === 'opt-out') thinking.preserve = options.preserve
    else if (options.preserve !== (info.preserveThinking === 'always')) {
      const does = options.preserve ? 'does not read' : 'always reads'
      const others = findModels((model) => model.preserveThinking === 'opt-in' || model.preserveThinking === 'opt-out')
      refuse('preserve', `${info.id} ${does} the reasoning of earlier turns; ${others} can be told`)
    }
  }
  if (options.effort !== undefined) {
    if (info.thinkingEfforts.includes(options.effort)) thinking.effort = options.effort
    else {
      const others = findModels((model) => model.thinkingEfforts.some((effort) => effort === options.effort))
      refuse('effort', `${info.id} takes no effort "${options.effort}"; ${others} does`)
    }
  }
  return { thinking, unsupported }
}
