import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import { knownModels } from '../packages/core/src/index.ts'
import { listFacts, listOldFacts } from './facts.ts'
import { renderModels } from './models-document.ts'

/** The text without the widths of its tables, which only the formatter knows. */
function withoutWidths(text: string): string {
  return text.replaceAll(/ +/g, ' ').replaceAll(/-{3,}/g, '---')
}

test("the documents' page of models is the one that the catalogue makes", () => {
  const page = readFileSync(join(import.meta.dirname, '../docs/models.md'), 'utf8')
  expect(withoutWidths(page)).toBe(withoutWidths(renderModels()))
})

test('every row and every price has a source and a date', () => {
  const facts = listFacts()
  for (const { id, prices } of knownModels) {
    expect(facts.filter(({ model, part }) => model === id && part === 'row')).toHaveLength(1)
    expect(facts.filter(({ model, part }) => model === id && part.startsWith('price'))).toHaveLength(prices.length)
  }
})

test('facts older than a date come with their sources, the oldest first', () => {
  const old = listOldFacts('2026-02-06')
  expect(old[0]).toEqual({
    model: 'kimi-k2.5',
    part: 'row',
    source: 'Model Studio, "Kimi" (Indonesian edition)',
    date: '2026-02-05',
  })
  expect(new Set(old.map(({ date }) => date))).toEqual(new Set(['2026-02-05']))
  expect(listOldFacts('2026-02-05')).toEqual([])
  const dates = listOldFacts('2027-01-01').map(({ date }) => date)
  expect(dates).toHaveLength(listFacts().length)
  expect(dates.indexOf('mid-2026')).toBeLessThan(dates.indexOf('late 2026'))
})

test.each(['yesterday', '2026-6-1', '2026-13-45', ''])('%o is no date to compare with', (date) => {
  expect(() => listOldFacts(date)).toThrow(/must be like 2026-06-01/)
})
