import type { ModelInfo } from '../models/model-info.ts'
import type { ChatRequest } from '../chat/request.ts'

/** Whether the answer will begin with reasoning. */
export function isThinking(wish: ChatRequest['thinking'], traits: ModelInfo | undefined): boolean {
  if (traits?.thinking === 'always') return true
  if (traits?.thinking === 'never') return false
  return wish !== undefined && wish !== false
}
