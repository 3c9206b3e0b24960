import { afterEach, beforeEach, expect, test, vi } from 'vitest'

import { startDeadline } from './deadline.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

const never = new Promise<never>(() => undefined)

test('silence counts from the start of a wait, and only while somebody waits', async () => {
  const deadline = startDeadline({ timeout: 100, totalTimeout: Infinity })
  await vi.advanceTimersByTimeAsync(1000)
  expect(deadline.signal.aborted).toBe(false)
  await deadline.whileWaiting(Promise.resolve())
  await vi.advanceTimersByTimeAsync(1000)
  expect(deadline.signal.aborted).toBe(false)
  void deadline.whileWaiting(never)
  await vi.advanceTimersByTimeAsync(99)
  expect(deadline.signal.aborted).toBe(false)
  await vi.advanceTimersByTimeAsync(2)
  expect(deadline.signal.reason).toMatchObject({ code: 'timeout', message: 'No sign of the service within 100 ms' })
  deadline.dispose()
})

test('a wait that begins while the timer of another runs has its whole time', async () => {
  const deadline = startDeadline({ timeout: 100, totalTimeout: Infinity })
  await deadline.whileWaiting(Promise.resolve())
  await vi.advanceTimersByTimeAsync(60)
  void deadline.whileWaiting(never)
  await vi.advanceTimersByTimeAsync(90)
  expect(deadline.signal.aborted).toBe(false)
  await vi.advanceTimersByTimeAsync(11)
  expect(deadline.signal.aborted).toBe(true)
  deadline.dispose()
})

test('the total time counts whatever happens', async () => {
  const deadline = startDeadline({ timeout: Infinity, totalTimeout: 500 })
  await vi.advanceTimersByTimeAsync(501)
  expect(deadline.signal.reason).toMatchObject({ code: 'timeout', message: 'No whole answer within 500 ms' })
})

test('an infinite limit starts no timer, and one longer than a timer can run does not end at once', async () => {
  for (const totalTimeout of [Infinity, 2 ** 40]) {
    const deadline = startDeadline({ timeout: totalTimeout, totalTimeout })
    void deadline.whileWaiting(never)
    await vi.advanceTimersByTimeAsync(1_000_000)
    expect(deadline.signal.aborted).toBe(false)
    deadline.dispose()
  }
})

test("an abort has the caller's reason, and the end leaves neither timer nor listener", () => {
  const caller = new AbortController()
  const first = startDeadline({ signal: caller.signal, timeout: 100, totalTimeout: 100 })
  const second = startDeadline({ signal: caller.signal, timeout: 100, totalTimeout: 100 })
  void second.whileWaiting(never)
  second.dispose()
  caller.abort('enough')
  expect(first.signal.reason).toBe('enough')
  expect(second.signal.aborted).toBe(false)
  expect(startDeadline({ signal: caller.signal, timeout: 100, totalTimeout: Infinity }).signal.reason).toBe('enough')
  first.dispose()
  expect(vi.getTimerCount()).toBe(0)
})
