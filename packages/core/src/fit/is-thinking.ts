import type { ModelTraits } from '../catalogue/traits.ts'
import type { ChatRequest } from '../request.ts'

/** Whether the answer will begin with reasoning. */
export function isThinking(wish: ChatRequest['thinking'], traits: ModelTraits | undefined): boolean {
  if (traits?.thinking === 'always') return true
  if (traits?.thinking === 'never') return false
  return wish !== undefined && wish !== false
}
