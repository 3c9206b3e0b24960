import { expect, test } from 'vitest'

import type { ChatChunk } from '../chat/chunk.ts'
import { createRepetitionDetector } from './repetition.ts'

function passOn(chunks: readonly ChatChunk[]): ChatChunk[] {
  const detector = createRepetitionDetector()
  return [...chunks.flatMap((chunk) => detector.push(chunk)), ...detector.end()]
}

test('frames that repeat all that came before are marked', () => {
  const texts = ['The weather', 'The weather in Ulm', 'The weather in Ulm is', 'The weather in Ulm is fine']
  const passed = passOn(texts.map((text) => ({ text })))
  expect(passed.map(({ text }) => text)).toEqual(texts)
  expect(passed.slice(1).every(({ cumulative }) => cumulative)).toBe(true)
})

test('increments come out as they came, in their order', () => {
  const chunks = ['ha', 'ha', 'ha', ' that', ' is', ' funny'].map((text) => ({ text }))
  expect(passOn(chunks)).toEqual(chunks)
  const short = ['ha', 'haha'].map((text) => ({ text }))
  expect(passOn(short)).toEqual(short)
})
