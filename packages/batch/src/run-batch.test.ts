import { compatible } from '@dualscope/compatible'
import { type Client, createClient, DualscopeError } from '@dualscope/core'
import { createMock } from '@dualscope/testing'
import { expect, test } from 'vitest'

import { type BatchAnswer, type BatchItem, runBatch } from './index.ts'

function setup() {
  const mock = createMock()
  const transport = compatible({ apiKey: 'any', fetch: mock.fetch, retries: 0 })
  return { mock, client: createClient({ transport, model: 'kimi-k2.5' }) }
}

function item(id: string): BatchItem {
  return { id, request: { messages: [{ role: 'user', content: `This is ${id}` }] } }
}

async function collect(answers: AsyncIterable<BatchAnswer>): Promise<BatchAnswer[]> {
  const all: BatchAnswer[] = []
  for await (const answer of answers) all.push(answer)
  return all
}

async function* silentSource() {
  yield item('a')
  await new Promise(() => undefined)
}

async function* brokenSource() {
  yield item('a')
  throw new Error('no more')
}

/** A client whose calls end when the test says so. */
function manualClient() {
  const calls: { finish: () => void; signal: AbortSignal | undefined }[] = []
  const { client } = setup()
  const manual: Client = {
    ...client,
    async chat(request, options) {
      await new Promise<void>((resolve, reject) => {
        calls.push({ finish: resolve, signal: options?.signal })
        options?.signal?.addEventListener('abort', () => reject(options.signal?.reason as Error))
      })
      return client.chat(request)
    },
  }
  return { client: manual, calls }
}

test('each item is answered once, duplicates are reported', async () => {
  const { mock, client } = setup()
  const duplicates: string[] = []
  const items = ['a', 'b', 'a', 'c', 'b'].map(item)
  const answers = await collect(runBatch(items, { client, concurrency: 2, onDuplicate: (id) => duplicates.push(id) }))
  expect(answers.map(({ id }) => id).toSorted()).toEqual(['a', 'b', 'c'])
  expect(answers.map((answer) => ('result' in answer ? answer.result.text : '')).toSorted()).toEqual([
    'You said: This is a',
    'You said: This is b',
    'You said: This is c',
  ])
  expect(duplicates).toEqual(['a', 'b'])
  expect(mock.requests).toHaveLength(3)
})

test('a failed request becomes an answer with its error, a refused key ends the batch', async () => {
  const { mock, client } = setup()
  mock.use({ type: 'error', status: 400, code: 'InvalidParameter', message: 'No.' })
  const [failed, answered] = await collect(runBatch([item('a'), item('b')], { client, concurrency: 1 }))
  expect(failed).toMatchObject({ id: 'a', error: { code: 'invalid-request', requestId: expect.any(String) as string } })
  expect(answered).toMatchObject({ id: 'b', result: { finishReason: 'stop' } })
  mock.use({ type: 'error', status: 401, code: 'InvalidApiKey', message: 'No.' })
  await expect(collect(runBatch([item('a')], { client }))).rejects.toMatchObject({ code: 'authentication' })
})

test('a reader that waits stops the reading of items', async () => {
  let taken = 0
  async function* source() {
    for (;;) yield item(String((taken += 1)))
  }
  const { client } = setup()
  for await (const answer of runBatch(source(), { client, concurrency: 3 })) {
    expect(answer.id).toBe('1')
    await new Promise((resolve) => setTimeout(resolve, 100))
    break
  }
  expect(taken).toBeLessThanOrEqual(8)
})

test('an abort lets the requests under way finish, asks no others and throws its reason', async () => {
  const { client, calls } = manualClient()
  const controller = new AbortController()
  const answers: string[] = []
  const running = (async () => {
    const options = { client, concurrency: 2, signal: controller.signal }
    for await (const { id } of runBatch(['a', 'b', 'c'].map(item), options)) answers.push(id)
  })()
  await expect.poll(() => calls.length).toBe(2)
  controller.abort(new Error('enough'))
  for (const { finish } of calls) finish()
  await expect(running).rejects.toThrow('enough')
  expect(answers.toSorted()).toEqual(['a', 'b'])
})

test('requests that outlast the grace are aborted', async () => {
  const { client, calls } = manualClient()
  const signal = AbortSignal.timeout(30)
  await expect(collect(runBatch([item('a')], { client, signal, grace: 30 }))).rejects.toThrow('timeout')
  expect(calls[0]?.signal?.aborted).toBe(true)
})

test('an error of the items is thrown, and so is a senseless concurrency', async () => {
  const { client } = setup()
  await expect(collect(runBatch(brokenSource(), { client }))).rejects.toThrow('no more')
  await expect(collect(runBatch([], { client, concurrency: 0 }))).rejects.toMatchObject({ code: 'configuration' })
})

test('an abort ends a batch whose source never comes with its next item', async () => {
  const { mock, client } = setup()
  const controller = new AbortController()
  const answers: BatchAnswer[] = []
  const running = (async () => {
    for await (const answer of runBatch(silentSource(), { client, signal: controller.signal })) answers.push(answer)
  })()
  await expect.poll(() => answers.length).toBe(1)
  controller.abort(new Error('enough'))
  await expect(running).rejects.toThrow('enough')
  expect(mock.requests).toHaveLength(1)
})

test('an item that comes after the abort, while another is under way, is not asked', async () => {
  const { client, calls } = manualClient()
  const gate = Promise.withResolvers<void>()
  async function* slowSource() {
    yield item('a')
    await gate.promise
    yield item('b')
  }
  const controller = new AbortController()
  const running = collect(runBatch(slowSource(), { client, concurrency: 2, signal: controller.signal }))
  await expect.poll(() => calls.length).toBe(1)
  controller.abort(new Error('enough'))
  gate.resolve()
  await new Promise((resolve) => setTimeout(resolve, 20))
  expect(calls).toHaveLength(1)
  calls[0]?.finish()
  await expect(running).rejects.toThrow('enough')
})

test('after a refused key, what is under way has the grace and no more', async () => {
  const { client, calls } = manualClient()
  const refused: Client = {
    ...client,
    chat: (request, options) =>
      calls.length === 0
        ? client.chat(request, options)
        : Promise.reject(new DualscopeError('authentication', 'The key is refused')),
  }
  const answers = runBatch([item('a'), item('b')], { client: refused, concurrency: 2, grace: 30 })
  await expect(collect(answers)).rejects.toThrow('The key is refused')
  expect(calls[0]?.signal?.aborted).toBe(true)
})
