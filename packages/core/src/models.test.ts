import { expect, test } from 'vitest'

import { knownModels, modelInfo } from './models.ts'

test('every row stands under its own id and says where it is from', () => {
  for (const model of knownModels) {
    expect(modelInfo(model.id)).toBe(model)
    expect(model.source).not.toBe('')
    expect(model.date).not.toBe('')
  }
})

test('unknown models have no row, whatever their name', () => {
  for (const id of ['qwen-plus', '', 'constructor', '__proto__']) expect(modelInfo(id)).toBeUndefined()
})
