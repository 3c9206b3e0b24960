import type { ModelTraits } from '../models/traits.ts'
import type { ChatRequest } from '../chat/request.ts'

/** Whether the answer will begin with reasoning. */
export function isThinking(wish: ChatRequest['thinking'], traits: ModelTraits | undefined): boolean {
  if (traits?.thinking === 'always') return true
  if (traits?.thinking === 'never') return false
  return wish !== undefined && wish !== false
}
