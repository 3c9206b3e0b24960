import { expect, test } from 'vitest'

import { createWholeCharacters } from './whole-characters.ts'

test('half of a character waits for the other half', () => {
  const characters = createWholeCharacters()
  expect(['a\uD83D', '\uDC4Bb', '\uD83D', '', '\uDC4B'].map((text) => characters.push(text))).toEqual([
    'a',
    '👋b',
    '',
    '',
    '👋',
  ])
  expect(characters.end()).toBe('')
})

test('nothing is lost: a half that stays alone comes out as it came', () => {
  const characters = createWholeCharacters()
  expect(characters.push('a\uD83D') + characters.push('b\uD83D') + characters.end()).toBe('a\uD83Db\uD83D')
})
