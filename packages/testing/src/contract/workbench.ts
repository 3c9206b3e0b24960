import {
  type ChatEvent,
  type ChatResult,
  type Client,
  createClient,
  DualscopeError,
  type ModelId,
} from '@dualscope/core'

import type { MockOptions } from '../mock/mock-options.ts'
import { createMock, type Mock } from '../mock/mock.ts'
import { differences, equal, assert, matches } from './difference.ts'
import type { Features } from './feature.ts'
import { type ReadBack, readBack } from './read-back.ts'
import { findSecret } from './secret.ts'
import type { TransportFactory, ContractTransportOptions } from './transport-factory.ts'

// A case is one object in the file of its subject. A sample:
//
//   {
//     name: 'parameters: seed arrives unchanged',
//     async run({ client, mock, lastRequest }) {
//       // The next answer of the mock; without one, the mock repeats the prompt.
//       mock.use({ text: 'Hello' })
//       const { text } = await client().chat({ messages: [{ role: 'user', content: 'Hi' }], seed: 7 })
//       equal(text, 'Hello', 'The answer')
//       // The request in terms that both protocols share.
//       equal(lastRequest().options, { seed: 7 }, 'The options')
//     },
//   }

/** A request as `fetch` received it. */
interface Sent {
  url: string
  method: string
  headers: Readonly<Record<string, string>>
  body: string
  signal: AbortSignal
}

/** The equipment of a case: its own mock, and clients of the transport under test. */
export interface Workbench {
  readonly protocol: string
  /** The features of the transport. */
  readonly claims: Features
  /** The key that the mock accepts, which must appear nowhere. */
  readonly key: string
  readonly mock: Mock
  readonly requests: readonly Sent[]
  /** The options of a transport on this workbench: without retries, unless `more` sets them. */
  options: (more?: ContractTransportOptions) => ContractTransportOptions
  connect: TransportFactory
  client: (more?: ContractTransportOptions, model?: ModelId) => Client
  /** Returns the last request that arrived, or an earlier one, in the terms of `ChatRequest`. */
  lastRequest: (back?: number) => ReadBack
  /** The number of chats that arrived. */
  requestCount: () => number
  /** Returns the reason that a promise rejects with, after checking that it shows no key. */
  rejection: (promise: PromiseLike<unknown>, what: string) => Promise<unknown>
  /** Does the same, and checks that it is an error of the library that matches `expected`. */
  rejectsWith: (
    promise: PromiseLike<unknown>,
    expected: Readonly<Record<string, unknown>>,
    what: string,
  ) => Promise<DualscopeError>
  /** Permits requests that the documents forbid from now on, because the case is about them. */
  allowIssues: () => void
  /** Checks that hold after every case. */
  assertClean: () => Promise<void>
}

export const defaultModel = 'kimi-k2.5'

function pause(milliseconds: number) {
  return new Promise<void>((resolve) => setTimeout(resolve, milliseconds))
}

/** Waits up to a second until a condition is true. */
export async function eventually(condition: () => boolean, what: string): Promise<void> {
  for (let left = 100; left > 0 && !condition(); left -= 1) await pause(10)
  assert(condition(), what)
}

/** Passes copies of requests to a transport, because the cases share them and a transport may change one. */
function copy<T>(value: T): T {
  if (Array.isArray(value)) return value.map(copy) as T
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, copy(each)])) as T
}

/** Creates a workbench for one case. */
export function createWorkbench(
  connect: TransportFactory,
  { protocol, claims, mock: mockOptions }: { protocol: string; claims: Features; mock?: MockOptions | undefined },
): Workbench {
  const key = 'sk-contract-8f14e45fceea167a'
  const mock = createMock({ apiKey: key, ...mockOptions })
  const requests: Sent[] = []
  let issuesAllowed = false

  const fetch = async (input: string | URL | Request, init?: RequestInit): Promise<Response> => {
    const request = new Request(input, init)
    const signal = init?.signal ?? request.signal
    const { url, method } = request
    const headers = Object.fromEntries(request.headers)
    const isJson = /json/.test(headers['content-type'] ?? '')
    const entry: Sent = { url, method, headers, body: '', signal }
    requests.push(entry)
    if (isJson) entry.body = await request.clone().text()
    return mock.fetch(request, { signal })
  }

  const options: Workbench['options'] = (more = {}) => ({
    apiKey: key,
    fetch,
    retries: 0,
    // Without a region, the environment would choose the address.
    ...(more.baseUrl === undefined ? { region: 'beijing' } : {}),
    ...more,
  })

  const rejection: Workbench['rejection'] = async (promise, what) => {
    let value: unknown
    try {
      value = await promise
    } catch (error) {
      const place = findSecret(error, key)
      assert(place === undefined, `${what}: the error shows the key in ${place ?? ''}`)
      return error
    }
    throw new Error(`${what}: no error came, but ${JSON.stringify(value)}`)
  }

  return {
    protocol,
    claims,
    key,
    mock,
    requests,
    options,
    connect: (more) => connect(options(more)),
    client: (more, model = defaultModel) => {
      const client = createClient({ transport: connect(options(more)), model })
      return {
        chat: (request, call) => client.chat(copy(request), call),
        stream: (request, call) => client.stream(copy(request), call),
      }
    },
    lastRequest: (back = 0) => {
      const request = mock.requests.filter(({ endpoint }) => endpoint === 'chat').at(-1 - back)
      if (!request) throw new Error('No chat request arrived')
      return readBack(request)
    },
    requestCount: () => mock.requests.filter(({ endpoint }) => endpoint === 'chat').length,
    rejection,
    rejectsWith: async (promise, expected, what) => {
      const error = await rejection(promise, what)
      if (!(error instanceof DualscopeError)) {
        throw new Error(`${what}: expected a DualscopeError, got ${String(error)}`, { cause: error })
      }
      matches(error, expected, `${what}: ${error.message}`)
      return error
    },
    allowIssues: () => {
      issuesAllowed = true
    },
    assertClean: async () => {
      const issues = mock.requests.flatMap((request) => request.issues).filter(({ severity }) => severity === 'error')
      if (!issuesAllowed) equal(issues, [], 'The documents forbid what was sent')
      await eventually(() => mock.openResponses === 0, 'No answer is left open')
    },
  }
}

/** Numbers tool calls in their order, because protocols may number them differently. */
function normalizeIndexes(events: readonly ChatEvent[]): ChatEvent[] {
  const order = [...new Set(events.flatMap((event) => ('index' in event ? [event.index] : [])))]
  return events.map((event) => ('index' in event ? { ...event, index: order.indexOf(event.index) } : event))
}

/** Joins consecutive deltas of one kind, so that the cuts of a stream make no difference. */
export function mergeDeltas(events: readonly ChatEvent[]): ChatEvent[] {
  const result: ChatEvent[] = []
  for (const event of normalizeIndexes(events)) {
    const last = result.at(-1)
    const index = 'index' in event ? event.index : undefined
    if (
      last &&
      'delta' in last &&
      'delta' in event &&
      last.type === event.type &&
      ('index' in last ? last.index : undefined) === index
    ) {
      result[result.length - 1] = { ...last, delta: last.delta + event.delta }
    } else result.push(event)
  }
  return result
}

/** Reads the events of a stream, and its result. */
export async function drain(stream: AsyncIterable<ChatEvent> & { result: () => Promise<ChatResult> }) {
  const events: ChatEvent[] = []
  for await (const event of stream) events.push(event)
  return { events, result: await stream.result() }
}

/** Returns a result without the ids of the call. */
export function withoutIds({ id: _id, requestId: _requestId, ...rest }: ChatResult): object {
  return rest
}

/** Throws unless two results are equal except for their ids. */
export function sameResult(actual: ChatResult, expected: ChatResult, what: string): void {
  const found = differences(withoutIds(actual), withoutIds(expected), false)
  if (found.length > 0) throw new Error([what, ...found].join('\n  '))
}
