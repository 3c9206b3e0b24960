import { expect, test } from 'vitest'

import { shareWork } from './shared-work.ts'

function workbench() {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  const seen: { signal?: AbortSignal; abandoned: number } = { abandoned: 0 }
  const work = shareWork(
    (signal) => {
      seen.signal = signal
      return promise
    },
    () => (seen.abandoned += 1),
  )
  return { work, seen, resolve, reject }
}

test('the abort of one who waits ends his waiting alone', async () => {
  const { work, seen, resolve } = workbench()
  const impatient = new AbortController()
  const first = work.join(impatient.signal)
  const second = work.join(new AbortController().signal)
  impatient.abort('mine')
  await expect(first).rejects.toBe('mine')
  expect(seen.signal?.aborted).toBe(false)
  resolve('done')
  await expect(second).resolves.toBe('done')
  expect(seen).toMatchObject({ abandoned: 0 })
})

test('the abort of the last who waits ends the work', async () => {
  const { work, seen } = workbench()
  const controllers = [new AbortController(), new AbortController()]
  const waits = controllers.map(({ signal }) => work.join(signal))
  for (const controller of controllers) controller.abort('enough')
  for (const wait of waits) await expect(wait).rejects.toBe('enough')
  expect(seen.signal?.reason).toBe('enough')
  expect(seen.abandoned).toBe(1)
})

test('a failure reaches all who wait, and is not unhandled when none do', async () => {
  const { work, reject } = workbench()
  const waits = [work.join(new AbortController().signal), work.join(new AbortController().signal)]
  reject(new Error('broken'))
  for (const wait of waits) await expect(wait).rejects.toThrow('broken')
  const lonely = workbench()
  lonely.reject(new Error('unseen'))
  await new Promise((resolve) => setTimeout(resolve))
})

test('who comes with an aborted signal gets its reason', async () => {
  const { work } = workbench()
  await expect(work.join(AbortSignal.abort('late'))).rejects.toBe('late')
})
