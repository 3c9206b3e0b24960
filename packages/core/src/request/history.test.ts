import { expect, test } from 'vitest'

import { fitHistory } from './history.ts'
import type { Message } from '../chat/message.ts'

const user: Message = { role: 'user', content: 'a' }
const toolCalls = [{ id: '1', name: 'n', arguments: '{}' }]

test('a message with tool calls from another client gets empty reasoning where the model thinks, and nowhere else', () => {
  const foreign: Message = { role: 'assistant', content: '', toolCalls }
  const plain: Message = { role: 'assistant', content: 'b' }
  for (const preserves of [true, false]) {
    expect(fitHistory([user, foreign, plain], { thinks: true, preserves })).toEqual([
      user,
      { ...foreign, reasoning: '' },
      plain,
    ])
  }
  expect(fitHistory([user, foreign, plain], { thinks: false, preserves: false })).toEqual([user, foreign, plain])
  expect(foreign).not.toHaveProperty('reasoning')
})

test('a message in partial mode and its continuation are one message', () => {
  const history: Message[] = [
    user,
    { role: 'assistant', content: 'Once upon', partial: true },
    { role: 'assistant', content: ' a time', reasoning: 'hm', partial: true },
    { role: 'assistant', content: ' there was', reasoning: 'why' },
    user,
    { role: 'assistant', content: 'The', partial: true },
  ]
  const sent = fitHistory(history, { thinks: true, preserves: true })
  expect(sent).toEqual([
    user,
    { role: 'assistant', content: 'Once upon a time there was', reasoning: 'why', partial: undefined },
    user,
    { role: 'assistant', content: 'The', partial: true },
  ])
  expect(fitHistory(history.slice(0, 3), { thinks: false, preserves: false }).at(-1)).toMatchObject({
    content: 'Once upon a time',
    partial: true,
  })
})
