import { expect, test, vi } from 'vitest'

import { lateIterator } from './late-iterator.ts'
import { once } from '../once.ts'

const over = { done: true, value: undefined }

async function* letters() {
  yield 'a'
  yield 'b'
}

test('those who ask before it is loaded get their turns in order', async () => {
  const { next } = lateIterator({ begin() {}, load: once(async () => letters()), close() {} }, (ready) => ready)
  const turns = await Promise.all([next(), next(), next()])
  expect(turns).toEqual([{ done: false, value: 'a' }, { done: false, value: 'b' }, over])
})

test('what cannot be loaded is told once, and then it is over', async () => {
  const load = once(() => Promise.reject(new Error('no such file')))
  const { next } = lateIterator({ begin() {}, load, close() {} }, letters)
  const [first, second] = await Promise.allSettled([next(), next()])
  expect(first).toMatchObject({ status: 'rejected', reason: { message: 'no such file' } })
  expect(second).toEqual({ status: 'fulfilled', value: over })
  expect(await next()).toEqual(over)
})

test('whoever leaves before it is loaded is told of nothing, and what it would wait for is ended', async () => {
  const close = vi.fn<() => void>()
  const load = once(() => Promise.reject(new Error('no such file')))
  const { next, return: leave } = lateIterator({ begin() {}, load, close }, letters)
  const waiting = next()
  expect(await leave()).toEqual(over)
  expect(close).toHaveBeenCalledOnce()
  expect(await waiting).toEqual(over)
})
