import { expect, test } from 'vitest'

import { createIdSet } from './id-set.ts'

test('a set of ids finds each of 100,000 ids and no other', () => {
  const ids = createIdSet()
  for (let index = 0; index < 100_000; index += 1) expect(ids.add(`line-${index}`)).toBe(true)
  expect(ids.size).toBe(100_000)
  expect(ids.add('line-7')).toBe(false)
  const numbers = Array.from({ length: 100_000 }, (_, index) => index)
  expect(numbers.filter((index) => !ids.has(`line-${index}`))).toEqual([])
  expect(numbers.filter((index) => ids.has(`other-${index}`))).toEqual([])
})

test('ids that differ in half a character are two ids', () => {
  const ids = createIdSet()
  expect([ids.add('\uD800'), ids.add('\uD801'), ids.add('\uFFFD')]).toEqual([true, true, true])
})
