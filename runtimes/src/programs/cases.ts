/**
 * The checks inside each runtime: small, the same everywhere, over both protocols. Nothing here knows a runtime, and a
 * failed case is an outcome, never a crash.
 */
import { compatible } from '@dualscope/compatible'
import {
  ApiError,
  createClient,
  defineTool,
  DualscopeError,
  runTools,
  type Client,
  type Message,
  type TransportOptions,
} from '@dualscope/core'
import { dashscope } from '@dualscope/dashscope'
import type { Scenario } from '@dualscope/testing'
import { z } from 'zod'

import type { Outcome } from '../outcome.ts'

/** The abilities of a runtime. */
export interface Surroundings {
  /** Of the mock. */
  baseUrl: string
  /** As an application of this runtime holds a picture. */
  picture: Blob
}

interface Context extends Surroundings {
  client: Client
  /** One that uploads every picture, however small. */
  uploader: Client
  /** Its requests, in order. */
  sent: string[]
  /** One with a key that the mock does not take. */
  stranger: Client
}

const model = 'kimi-k2.5'
const transports = { compatible, dashscope }

function check(holds: boolean, what: string, seen?: unknown): asserts holds {
  if (!holds) throw new Error(seen === undefined ? what : `${what}: ${JSON.stringify(seen)}`)
}

async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise
  } catch (error) {
    return error
  }
  throw new Error('nothing was thrown')
}

async function control<T>({ baseUrl }: Surroundings, path: string, body?: unknown): Promise<T> {
  // As text: then the page's own question needs no preflight.
  const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }
  return (await (await fetch(`${baseUrl}/control/${path}`, init)).json()) as T
}

async function showPicture(client: Client, picture: Blob): Promise<void> {
  const { text } = await client.chat({
    messages: [
      {
        role: 'user',
        content: [
          { type: 'image', image: picture },
          { type: 'text', text: 'What is this?' },
        ],
      },
    ],
  })
  check(text === 'You said: What is this?\nI see 1 image.', 'the answer', text)
}

const cases: Readonly<Record<string, (context: Context) => Promise<void>>> = {
  async chat({ client }) {
    const { text, usage } = await client.chat('Who are you?')
    check(text === 'You said: Who are you?', 'the answer', text)
    check((usage?.totalTokens ?? 0) > 0, 'the usage', usage)
  },

  async thinking({ client }) {
    const stream = client.stream({ messages: [{ role: 'user', content: '西湖在哪里？' }], thinking: { budget: 500 } })
    const order: string[] = []
    let reasoning = ''
    let text = ''
    for await (const event of stream) {
      if (order.at(-1) !== event.type) order.push(event.type)
      if (event.type === 'reasoning-delta') reasoning += event.delta
      if (event.type === 'text-delta') text += event.delta
    }
    const result = await stream.result()
    check(order.join(' ') === 'reasoning-delta text-delta finish', 'the order of events', order)
    check(reasoning === 'The user says: 西湖在哪里？' && result.reasoning === reasoning, 'the thinking', reasoning)
    check(text === 'You said: 西湖在哪里？' && result.text === text, 'the answer', text)
  },

  async turns({ client }) {
    const history: Message[] = [{ role: 'system', content: 'Answer in one sentence.' }]
    const tokens: number[] = []
    for (const content of ['What should I see in Hangzhou?', 'And then?']) {
      history.push({ role: 'user', content })
      const { message, text, usage } = await client.chat({ messages: history })
      check(text === `You said: ${content}`, 'the answer', text)
      history.push(message)
      tokens.push(usage?.inputTokens ?? 0)
    }
    check((tokens[1] ?? 0) > (tokens[0] ?? 0), 'the second turn holds the first', tokens)
  },

  async picture({ client, picture }) {
    await showPicture(client, picture)
  },

  async upload({ uploader, sent, picture }) {
    await showPicture(uploader, picture)
    check(sent.join().includes('oss://'), 'it went as an oss:// URL', sent)
  },

  async tools({ client }) {
    const weather = defineTool({
      name: 'weather',
      description: 'The weather of a city',
      input: z.object({ city: z.string() }),
      execute: ({ city }) => `sunny in a city of ${city.length} letters`,
    })
    const messages: Message[] = [{ role: 'user', content: 'Ask weather' }]
    const { text, steps } = await runTools(client, { messages, tools: [weather] }).result()
    check(steps === 2 && /^The tool said: sunny in a city of \d+ letters$/.test(text), 'the answer', { steps, text })
  },

  async output({ client }) {
    const { output } = await client.chat({
      model: 'kimi-k3',
      messages: [{ role: 'user', content: 'Name a city' }],
      // As the mock answers whoever asks for JSON.
      output: z.object({ answer: z.string().min(1) }),
    })
    check(output.answer.includes('Name a city'), 'the output', output)
  },

  async abort(context) {
    const controller = new AbortController()
    const reason = new Error('enough')
    const stream = context.client.stream(`Say it again: ${'word '.repeat(2000)}`, { signal: controller.signal })
    const error = await failureOf(
      (async () => {
        for await (const _ of stream) controller.abort(reason)
      })(),
    )
    check(error === reason, 'what the loop throws is the reason', String(error))
    check(stream.snapshot().text.startsWith('You said'), 'what had come is kept', stream.snapshot().text)
    let open = Infinity
    for (let tries = 0; tries < 100 && open > 0; tries += 1) {
      await new Promise((resolve) => setTimeout(resolve, 20))
      open = (await control<{ open: number }>(context, 'open')).open
    }
    check(open === 0, 'the connection is closed at the server', open)
  },

  async refusal({ stranger }) {
    const error = await failureOf(stranger.chat('Who are you?'))
    check(error instanceof ApiError, 'an ApiError', String(error))
    const { code, status, requestId, retryable } = error
    check(code === 'authentication' && status === 401 && !retryable, 'what it tells', { code, status, retryable })
    check(Boolean(requestId), 'the request id', requestId)
    check(!`${error.stack}${JSON.stringify(error)}`.includes('sk-stranger'), 'no key in the error')
  },

  async 'error in a stream'(context) {
    const scenario: Scenario = {
      type: 'error',
      status: 400,
      code: { compatible: 'data_inspection_failed', dashscope: 'DataInspectionFailed' },
      message: 'Output data may contain inappropriate content.',
      after: 2,
      answer: { text: ['Once ', 'upon ', 'a ', 'time'] },
    }
    await control(context, 'next', scenario)
    const error = await failureOf(context.client.stream('Tell me a story').result())
    check(error instanceof ApiError, 'an ApiError', String(error))
    check(error.code === 'content-inspection' && error.status === 400, 'what it tells', {
      code: error.code,
      status: error.status,
    })
    check(error.partial?.text.startsWith('Once ') === true, 'what had come', error.partial?.text)
  },

  async 'bad request'({ client }) {
    const error = await failureOf(
      client.chat({ messages: [{ role: 'user', content: [{ type: 'video', video: 'oss://a/b.mp4', fps: 12 }] }] }),
    )
    check(error instanceof DualscopeError && error.code === 'validation', 'a validation error', String(error))
    check(error.message.startsWith('messages[0].content[0].fps: '), 'it names the place', error.message)
  },
}

/** Runs every case over both protocols, one after the other. */
export async function runCases(surroundings: Surroundings): Promise<Outcome[]> {
  const { baseUrl } = surroundings
  const outcomes: Outcome[] = []
  for (const [protocol, transport] of Object.entries(transports)) {
    const connect = (options: TransportOptions) =>
      createClient({ transport: transport({ baseUrl, apiKey: 'sk-runtimes', ...options }), model })
    const sent: string[] = []
    const context: Context = {
      ...surroundings,
      client: connect({}),
      uploader: connect({ media: 'upload', onRequest: ({ body }) => sent.push(JSON.stringify(body)) }),
      sent,
      stranger: connect({ apiKey: 'sk-stranger' }),
    }
    for (const [name, run] of Object.entries(cases)) {
      try {
        await run(context)
        outcomes.push({ protocol, name })
      } catch (error) {
        outcomes.push({
          protocol,
          name,
          failure: error instanceof Error ? `${error.name}: ${error.message}` : String(error),
        })
      }
    }
  }
  return outcomes
}
