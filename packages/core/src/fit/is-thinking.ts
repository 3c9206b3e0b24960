import type { ModelInfo } from '../catalogue/model-info.ts'
import type { ChatRequest } from '../request.ts'

/** Whether the answer will begin with reasoning. */
export function isThinking(wish: ChatRequest['thinking'], info: ModelInfo | undefined): boolean {
  if (info?.thinking === 'always') return true
  if (info?.thinking === 'never') return false
  return wish !== undefined && wish !== false
}
