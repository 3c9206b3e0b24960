import { expect, test } from 'vitest'

import { oneByOne, type Batches } from './batches.ts'

/** Gives each batch a moment after it is asked for. */
function source(batches: readonly (readonly string[])[]): Batches<string> {
  let next = 0
  return {
    reads: (sink) => async () => {
      const items = batches[next]
      next += 1
      await Promise.resolve()
      return items ? sink.take(items) : sink.end()
    },
    close: async () => undefined,
  }
}

test('items come one by one, each once, also to whoever asks for several at once', async () => {
  const items = oneByOne(source([['a', 'b'], ['c'], ['d']]))
  const steps = await Promise.all(Array.from({ length: 6 }, () => items.next()))
  expect(steps.map(({ done, value }) => (done ? 'done' : value))).toEqual(['a', 'b', 'c', 'd', 'done', 'done'])
})

test('nothing comes once the stream was left, not even what a read in flight still brings', async () => {
  const items = oneByOne(source([['a', 'b']]))
  const pending = items.next()
  await items.return?.()
  expect(await pending).toEqual({ done: true, value: undefined })
  expect(await items.next()).toEqual({ done: true, value: undefined })
})
