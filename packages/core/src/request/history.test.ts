import { expect, test } from 'vitest'

import type { Message } from '../chat/message.ts'
import { adaptHistory } from './history.ts'

const user: Message = { role: 'user', content: 'a' }
const toolCalls = [{ id: '1', name: 'n', arguments: '{}' }]

test('a message with tool calls from another client gets empty reasoning where the model thinks, and nowhere else', () => {
  const foreign: Message = { role: 'assistant', content: '', toolCalls }
  const plain: Message = { role: 'assistant', content: 'b' }
  for (const keepsReasoning of [true, false]) {
    expect(adaptHistory([user, foreign, plain], { thinking: true, keepsReasoning })).toEqual([
      user,
      { ...foreign, reasoning: '' },
      plain,
    ])
  }
  expect(adaptHistory([user, foreign, plain], { thinking: false, keepsReasoning: false })).toEqual([
    user,
    foreign,
    plain,
  ])
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
  const sent = adaptHistory(history, { thinking: true, keepsReasoning: true })
  expect(sent).toEqual([
    user,
    { role: 'assistant', content: 'Once upon a time there was', reasoning: 'why', partial: undefined },
    user,
    { role: 'assistant', content: 'The', partial: true },
  ])
  expect(adaptHistory(history.slice(0, 3), { thinking: false, keepsReasoning: false }).at(-1)).toMatchObject({
    content: 'Once upon a time',
    partial: true,
  })
})
