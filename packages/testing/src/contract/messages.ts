import { type AssistantMessage, createClient, type Message } from '@dualscope/core'

import type { Case } from './case.ts'
import { equal, assert } from './difference.ts'
import { asRead } from './read-back.ts'
import { defaultModel } from './workbench.ts'

const called: AssistantMessage = {
  role: 'assistant',
  content: 'Let me see.',
  reasoning: 'They want two cities.',
  toolCalls: [
    { id: 'functions.weather:0', name: 'weather', arguments: '{ "city":  "杭州" }' },
    { id: 'call_2', name: 'weather', arguments: '{"city": "Ulm"' },
  ],
}

const toolTurns: Message[] = [
  { role: 'user', content: 'How is the weather in Hangzhou and Ulm?' },
  called,
  { role: 'tool', toolCallId: 'functions.weather:0', content: '{"sky":"blue"}' },
  { role: 'tool', toolCallId: 'call_2', content: '' },
]

const turns: Message[] = [
  { role: 'system', content: 'Be brief.\n' },
  { role: 'user', content: 'Grüße 👋 "quoted" \\ and\u2028more' },
  { role: 'assistant', content: 'Hello!', reasoning: 'They greet.' },
  {
    role: 'user',
    content: [
      { type: 'text', text: 'And ' },
      { type: 'text', text: 'then?' },
    ],
  },
]

// The service refuses a request with arguments that are not a JSON object.
function asSent(messages: readonly Message[]) {
  return messages.map((message) => {
    if (message.role !== 'assistant' || !message.toolCalls) return message
    const toolCalls = message.toolCalls.map((call) => (call.id === 'call_2' ? { ...call, arguments: '{}' } : call))
    return { ...message, toolCalls }
  })
}

function withoutReasoning(messages: readonly Message[]) {
  return messages.map((message) => (message.role === 'assistant' ? { ...message, reasoning: undefined } : message))
}

/** Messages on the wire. */
export const messageCases: readonly Case[] = [
  {
    name: 'messages: every role and every character arrives, on every kind of path',
    async run({ client, lastRequest }) {
      for (const model of ['kimi-k2.5', 'Moonshot-Kimi-K2-Instruct']) {
        await client({}, model).chat({ messages: turns })
        equal(lastRequest().messages, asRead(withoutReasoning(turns)), `The messages of the request to ${model}`)
      }
    },
  },
  {
    name: 'messages: calls are sent back with their reasoning and results, malformed arguments as {}',
    needs: 'tools',
    async run({ client, lastRequest }) {
      for (const model of ['kimi-k2.5', 'Moonshot-Kimi-K2-Instruct']) {
        await client({}, model).chat({ messages: toolTurns })
        equal(lastRequest().messages, asRead(asSent(toolTurns)), `The messages of the request to ${model}`)
      }
    },
  },
  {
    name: 'messages: an answer that is pushed onto the history is sent back unchanged',
    needs: ['tools', 'thinking'],
    async run({ client, mock, lastRequest }) {
      const { reasoning, content, toolCalls = [] } = called
      mock.use({ reasoning, text: content, toolCalls })
      const messages: Message[] = [{ role: 'user', content: 'How is the weather?' }]
      const { message } = await client().chat({ messages, thinking: true })
      equal(message, called, 'The message to push')
      const results = toolCalls.map(({ id }): Message => ({ role: 'tool', toolCallId: id, content: 'fine' }))
      messages.push(message, ...results)
      await client().chat({ messages, thinking: true })
      equal(lastRequest().messages, asRead(asSent(messages)), 'The messages of the request')
    },
  },
  {
    name: 'messages: reasoning without calls is sent back only to models that preserve it',
    needs: ['thinking', 'thinkingOptions'],
    async run({ client, lastRequest }) {
      const sentMessages = async (model: string, preserve?: boolean) => {
        await client({}, model).chat({ messages: turns, thinking: preserve === undefined ? true : { preserve } })
        return lastRequest().messages
      }
      equal(await sentMessages('kimi-k2.5'), asRead(withoutReasoning(turns)), 'kimi-k2.5 does not read it')
      equal(await sentMessages('kimi-k2.6', true), asRead(turns), 'kimi-k2.6 reads it if preserve is true')
      equal(await sentMessages('kimi-k2.7-code'), asRead(turns), 'kimi-k2.7-code reads it by itself')
      equal(
        await sentMessages('kimi-k2.7-code', false),
        asRead(withoutReasoning(turns)),
        'kimi-k2.7-code does not with preserve: false',
      )
    },
  },
  {
    name: 'messages: a partial answer is marked as one',
    needs: 'partial',
    async run({ client, lastRequest }) {
      const messages: Message[] = [
        { role: 'user', content: 'Write a poem' },
        { role: 'assistant', content: 'In spring', partial: true },
      ]
      await client({}, 'kimi-k3').chat({ messages })
      equal(lastRequest().messages, asRead(messages), 'The messages of the request')
    },
  },
  {
    name: 'messages: a cache mark is on its part',
    needs: 'cache',
    async run({ client, lastRequest }) {
      const messages: Message[] = [
        { role: 'system', content: [{ type: 'text', text: 'A long text', cache: true }] },
        {
          role: 'user',
          content: [
            { type: 'text', text: 'one', cache: true },
            { type: 'text', text: 'two' },
          ],
        },
      ]
      await client().chat({ messages })
      equal(lastRequest().messages, asRead(messages), 'The messages of the request')
    },
    async whenUnsupported({ client, rejectsWith, requests }) {
      const content = [{ type: 'text' as const, text: 'one', cache: true }]
      await rejectsWith(
        client().chat({ messages: [{ role: 'user', content }] }),
        { code: 'unsupported', message: /cache/ },
        'The error',
      )
      equal(requests.length, 0, 'Requests')
    },
  },
  {
    name: 'messages: an empty message of the system is left out, since the service refuses it',
    async run({ client, lastRequest }) {
      for (const content of ['', []]) {
        await client().chat({
          messages: [
            { role: 'system', content },
            { role: 'user', content: 'Hello' },
          ],
        })
        equal(lastRequest().messages, asRead([{ role: 'user', content: 'Hello' }]), 'The messages')
      }
    },
  },
  {
    name: 'messages: calls without ids, or with the same one, go out with ids of their own',
    needs: 'tools',
    async run({ client, mock }) {
      for (const id of ['', 'call_a']) {
        const call = { id, name: 'weather', arguments: '{}' }
        await client().chat({
          messages: [
            { role: 'user', content: 'Hello' },
            { role: 'assistant', content: '', toolCalls: [call, call] },
            { role: 'tool', toolCallId: id, content: 'sunny' },
            { role: 'tool', toolCallId: id, content: 'rainy' },
          ],
          tools: [{ name: 'weather', description: 'The weather of a city' }],
        })
        const text = JSON.stringify(mock.requests.at(-1)?.body)
        const [first, second] = [...text.matchAll(/"id":"([^"]*)"/g)].map((match) => match[1])
        assert(first !== second && first !== '', `Two ids: "${first}", "${second}"`)
        const results = [...text.matchAll(/"tool_call_id":"([^"]*)"/g)].map((match) => match[1])
        equal(results, [first, second], 'The calls that the results name, in their order')
      }
    },
  },
  {
    name: "messages: the caller's objects are not changed",
    async run({ connect, claims }) {
      const messages = structuredClone(claims.tools ? toolTurns : turns)
      const request = { messages, thinking: claims.thinking, extra: { user_tag: { a: 1 } } }
      const before = structuredClone(request)
      await createClient({ transport: connect({}), model: defaultModel }).chat(request)
      equal(request, before, 'The request after the call')
      assert(!Object.isFrozen(request), 'The request can still be changed')
    },
  },
]
