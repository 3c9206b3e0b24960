import type { ModelInfo } from './model-info.ts'
import { rowOf, rows } from './catalogue.ts'
import type { ModelId } from './traits.ts'

/** Every model of the catalogue, in the order of the documents. */
export const knownModels: readonly ModelInfo[] = rows

/** What the documents say of a model; undefined for a model that the catalogue does not know. */
export function modelInfo(id: ModelId): ModelInfo | undefined {
  return rowOf(id)
}
