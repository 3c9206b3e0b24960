import { expect, test } from 'vitest'

import { knownModels, modelInfo } from './catalogue.ts'

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

// The tables of the Kimi page of 2026-02-05, as printed ("Pengenalan model", "Fitur model", "Nilai parameter default").
const printedLimits = [
  // model, mode, context window, max input, max CoT, max response, input cost, output cost
  ['kimi-k2.5', 'thinking', 262_144, 258_048, 32_768, 32_768, 0.574, 3.011],
  ['kimi-k2.5', 'nonThinking', 262_144, 260_096, undefined, 32_768, 0.574, 3.011],
  ['kimi-k2-thinking', 'thinking', 262_144, 229_376, 32_768, 16_384, 0.574, 2.294],
  ['Moonshot-Kimi-K2-Instruct', 'nonThinking', 131_072, 131_072, undefined, 8_192, 0.574, 2.294],
] as const

test.each(printedLimits)('%s, %s: limits and prices are those of the page', (id, mode, ...printed) => {
  const { limits, prices } = modelInfo(id)!
  const [price] = prices
  const { contextWindow, maxInput, maxReasoning, maxOutput } = limits[mode]!
  expect([contextWindow, maxInput, maxReasoning, maxOutput, price?.input, price?.output]).toEqual(printed)
  expect(price).toMatchObject({ currency: 'USD', region: 'beijing', date: '2026-02-05' })
})

test('no model has limits for a mode that the page does not list', () => {
  const modes = knownModels.flatMap(({ id, limits }) =>
    Object.entries(limits).flatMap(([mode, { thirdParty }]) => (thirdParty ? [] : [`${id} ${mode}`])),
  )
  const printed = printedLimits.map(([id, mode]) => `${id} ${mode}`)
  expect(modes.filter((mode) => !mode.startsWith('kimi/')).toSorted()).toEqual(printed.toSorted())
})

test.each([
  // model, multi-turn, deep thinking, function calling, structured output, web search, partial mode
  ['kimi-k2.5', true, true, true, false, false, false],
  ['kimi-k2-thinking', true, true, true, true, false, false],
  ['Moonshot-Kimi-K2-Instruct', true, false, true, false, true, false],
] as const)('%s: features are those of the page', (id, ...printed) => {
  const { features, thinking } = modelInfo(id)!
  const { multiTurn, tools, structuredOutput, webSearch, partial } = features
  expect([multiTurn, thinking !== 'never', tools, structuredOutput, webSearch, partial]).toEqual(printed)
})

test('defaults are those of the page, and what it gives a dash cannot be set', () => {
  expect(modelInfo('kimi-k2.5')).toMatchObject({
    thinking: 'optional',
    defaults: {
      thinking: { temperature: 1, topP: 0.95, presencePenalty: 0 },
      nonThinking: { temperature: 0.6, topP: 0.95, presencePenalty: 0 },
      fps: 2,
      maxFrames: 2000,
    },
  })
  expect(modelInfo('kimi-k2-thinking')).toMatchObject({
    thinking: 'always',
    defaults: { thinking: { temperature: 1 } },
  })
  expect(modelInfo('kimi-k2-thinking')?.unsupportedParameters).toEqual(
    expect.arrayContaining(['topP', 'presencePenalty']),
  )
  expect(modelInfo('Moonshot-Kimi-K2-Instruct')).toMatchObject({
    thinking: 'never',
    defaults: { nonThinking: { temperature: 0.6, topP: 1, presencePenalty: 0 } },
  })
  for (const id of ['kimi-k2-thinking', 'Moonshot-Kimi-K2-Instruct']) {
    expect(modelInfo(id)?.defaults).not.toHaveProperty('fps')
    expect(modelInfo(id)?.inputs).toEqual(['text'])
  }
})

test('what later editions say of models, prices and the end of two of them', () => {
  const rows = ['kimi-k2.6', 'kimi-k2.7-code', 'kimi-k3'] as const
  expect(rows.map((id) => modelInfo(id)?.thinking)).toEqual(['optional', 'always', 'always'])
  expect(rows.map((id) => modelInfo(id)?.inputs.join())).toEqual(['text,image,video', 'text,image,video', 'text,image'])
  expect(rows.map((id) => modelInfo(id)?.prices.map(({ output }) => output))).toEqual([[27, 3.713], [27], [14.133, 15]])
  const retired = knownModels.filter((model) => model.retired).map(({ id, retired }) => [id, retired?.on])
  expect(retired).toEqual([
    ['kimi-k2-thinking', '2026-07-09'],
    ['Moonshot-Kimi-K2-Instruct', '2026-07-09'],
  ])
})

test('every part of a row that has its own source has its date too, and third parties are marked', () => {
  for (const { id, prices, limits, cache, regions, retired } of knownModels) {
    for (const part of [...prices, ...Object.values(limits), cache, regions, retired]) {
      if (part?.source === undefined) continue
      expect(`${id} ${part.date}`).toMatch(/ (\d{4}-\d\d-\d\d|(mid-|late )\d{4})$/)
      const { source, thirdParty = false } = part
      expect({ id, source, thirdParty }).toEqual({ id, source, thirdParty: source.startsWith('models.dev') })
    }
  }
})

test('retired models name the successors that the page names, which the catalogue need not have', () => {
  const retired = modelInfo('kimi-k2-thinking')?.retired
  expect(retired).toMatchObject({ date: '2026-09-09', successors: ['qwen3.7-plus', 'qwen3.8-max', 'qwen3.8-flash'] })
})

test('Kimi of Model Studio is in six regions, and Kimi served by Moonshot in Beijing alone', () => {
  expect(modelInfo('kimi-k3')?.regions.names).toHaveLength(6)
  const byMoonshot = knownModels.filter(({ id }) => id.startsWith('kimi/'))
  expect(byMoonshot.map(({ regions }) => regions.names.join())).toEqual(byMoonshot.map(() => 'beijing'))
})
