import { expect, test } from 'vitest'

import type { Message } from '../chat/message.ts'
import { adaptHistory } from './history.ts'

const user: Message = { role: 'user', content: 'a' }
const toolCalls = [{ id: '1', name: 'n', arguments: '{}' }]

test('a message with tool calls from another client gets empty reasoning where the model thinks, and nowhere else', () => {
  const foreign: Message = { role: 'assistant', content: '', toolCalls }
  const plain: Message = { role: 'assistant', content: 'b' }
  for (const keepsReasoning of [true, false]) {
    expect(adaptHistory([user, foreign, plain], { thinking: true, keepsReasoning }).messages).toEqual([
      user,
      { ...foreign, reasoning: '' },
      plain,
    ])
  }
  expect(adaptHistory([user, foreign, plain], { thinking: false, keepsReasoning: false }).messages).toEqual([
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
  const { messages: sent, places } = adaptHistory(history, { thinking: true, keepsReasoning: true })
  expect(sent).toEqual([
    user,
    { role: 'assistant', content: 'Once upon a time there was', reasoning: 'why', partial: undefined },
    user,
    { role: 'assistant', content: 'The', partial: true },
  ])
  expect(places).toEqual(['messages[0]', 'messages[1]', 'messages[4]', 'messages[5]'])
  expect(adaptHistory(history.slice(0, 3), { thinking: false, keepsReasoning: false }).messages.at(-1)).toMatchObject({
    content: 'Once upon a time',
    partial: true,
  })
})

test('messages that say nothing are left out, and the others keep their places', () => {
  const history: Message[] = [
    { role: 'system', content: '' },
    { role: 'system', content: [] },
    user,
    { role: 'assistant', content: '', reasoning: 'hm' },
    user,
  ]
  expect(adaptHistory(history, { thinking: true, keepsReasoning: true })).toEqual({
    messages: [user, user],
    places: ['messages[2]', 'messages[4]'],
  })
})

test('calls without ids, or with the same one, are told apart, and so are their results', () => {
  const calls = ['', '', 'call_1', 'a', 'a'].map((id, index) => ({ id, name: `n${index}`, arguments: '{}' }))
  const history: Message[] = [
    user,
    { role: 'assistant', content: '', toolCalls: calls },
    ...['', 'a', 'call_1', '', 'a'].map((toolCallId, index): Message => ({
      role: 'tool',
      toolCallId,
      content: `${index}`,
    })),
  ]
  const { messages } = adaptHistory(history, { thinking: false, keepsReasoning: false })
  expect(messages[1]).toMatchObject({
    toolCalls: ['call_0', 'call_2', 'call_1', 'a', 'call_3'].map((id, index) => ({ id, name: `n${index}` })),
  })
  expect(messages.slice(2)).toMatchObject([
    { toolCallId: 'call_0', content: '0' },
    { toolCallId: 'a', content: '1' },
    { toolCallId: 'call_1', content: '2' },
    { toolCallId: 'call_2', content: '3' },
    { toolCallId: 'call_3', content: '4' },
  ])
  expect(calls[0]).toMatchObject({ id: '' })
})

test('ids that differ stay as they are', () => {
  const history: Message[] = [
    user,
    { role: 'assistant', content: '', toolCalls: [...toolCalls, { id: 'functions.n:1', name: 'n', arguments: '' }] },
    { role: 'tool', toolCallId: '1', content: 'a' },
    { role: 'tool', toolCallId: 'functions.n:1', content: 'b' },
  ]
  expect(adaptHistory(history, { thinking: false, keepsReasoning: false }).messages).toEqual(history)
})
