import { expect, test } from 'vitest'

import { createCharacterGate } from './character-gate.ts'

test('half a character waits for the other half', () => {
  const gate = createCharacterGate()
  expect([gate.push('a\uD83D'), gate.push('\uDC4Bb'), gate.push('\uD83D'), gate.push('\uDC4B'), gate.flush()]).toEqual([
    'a',
    '👋b',
    '',
    '👋',
    '',
  ])
})

test('half a character that stays alone comes at the end', () => {
  const gate = createCharacterGate()
  expect([gate.push('a\uD83D'), gate.flush(), gate.flush()]).toEqual(['a', '\uD83D', ''])
})
