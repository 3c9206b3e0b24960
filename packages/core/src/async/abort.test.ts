import { afterEach, beforeEach, expect, test, vi } from 'vitest'

import { abortable, delay } from './abort.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

test('a delay ends with its time or with the signal, and leaves no timer', async () => {
  const controller = new AbortController()
  const whole = delay(50, controller.signal)
  await vi.advanceTimersByTimeAsync(50)
  await whole
  const cut = delay(50, controller.signal)
  controller.abort('enough')
  await expect(cut).rejects.toBe('enough')
  await expect(delay(50, controller.signal)).rejects.toBe('enough')
  expect(vi.getTimerCount()).toBe(0)
})

test('a rejection after an abort is handled', async () => {
  const failing = Promise.reject(new Error('late'))
  await expect(abortable(failing, AbortSignal.abort('enough'))).rejects.toBe('enough')
})
