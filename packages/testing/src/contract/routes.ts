import type { Case } from './case.ts'
import { equal, matches } from './difference.ts'

const multimodal = { service: 'multimodal-generation' } as const

/** Paths of models that the catalogue does not have. */
export const routeCases: readonly Case[] = [
  {
    name: 'routes: a model on the wrong path is tried once on the other, which is remembered',
    needs: 'routes',
    mock: { models: { 'new-model': multimodal } },
    async run({ client, mock, allowIssues }) {
      allowIssues()
      const asking = client({}, 'new-model')
      equal((await asking.chat('Hello')).text, 'You said: Hello', 'The first answer')
      equal((await asking.stream('Hello').result()).text, 'You said: Hello', 'The second answer')
      const paths = mock.requests.map(({ service }) => service)
      equal(paths, ['text-generation', 'multimodal-generation', 'multimodal-generation'], 'The paths')
    },
  },
  {
    name: 'routes: an unknown model with media uses multimodal-generation',
    needs: ['routes', 'images'],
    mock: { models: { 'new-model': multimodal } },
    async run({ client, mock }) {
      const content = [
        { type: 'image' as const, image: 'https://a.test/a.png' },
        { type: 'text' as const, text: 'What?' },
      ]
      await client({}, 'new-model').chat({ messages: [{ role: 'user', content }] })
      equal(
        mock.requests.map(({ service }) => service),
        ['multimodal-generation'],
        'The paths',
      )
    },
  },
  {
    name: 'routes: a model that no path serves is an error',
    needs: 'routes',
    async run({ client, mock, rejectsWith, requestCount }) {
      const code = { dashscope: 'InvalidParameter', compatible: 'invalid_parameter_error' }
      const lost = { type: 'error', status: 400, code, message: 'url error, check url!' } as const
      mock.use([lost, lost, lost])
      await rejectsWith(client({}, 'new-model').chat('Hello'), { code: 'invalid-request', status: 400 }, 'The error')
      equal(requestCount(), 2, 'Attempts')
    },
  },
  {
    name: 'routes: the content of a native message has the form of its service',
    needs: 'routes',
    async run({ client, mock }) {
      await client().chat('Hello')
      await client({}, 'kimi-k2-thinking').chat('Hello')
      const [first, second] = mock.requests.map(({ body }) => body)
      matches(first, { input: { messages: [{ content: [{ text: 'Hello' }] }] } }, 'multimodal-generation takes parts')
      const wanted = {
        input: { messages: [{ content: 'Hello' }] },
        parameters: { result_format: 'message', incremental_output: true },
      }
      matches(second, wanted, 'text-generation takes a text, and is asked for a message in increments')
    },
  },
  {
    name: 'routes: a cache mark is unsupported by text-generation',
    needs: ['routes', 'cache'],
    async run({ client, rejectsWith, requests }) {
      const content = [{ type: 'text' as const, text: 'Hello', cache: true }]
      const call = client({}, 'kimi-k2-thinking').chat({ messages: [{ role: 'user', content }] })
      await rejectsWith(call, { code: 'unsupported', message: /messages\[0\]\.content\[0\]\.cache/ }, 'The error')
      equal(requests.length, 0, 'Requests')
    },
  },
]
