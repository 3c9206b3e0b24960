import { afterEach, expect, test, vi } from 'vitest'

import { resolveKey } from './credentials.ts'

const { signal } = new AbortController()

afterEach(() => {
  vi.unstubAllEnvs()
})

test('the key comes from the option, from a function, or from the environment at call time', async () => {
  vi.stubEnv('DASHSCOPE_API_KEY', 'sk-env')
  expect(await resolveKey('sk-a', signal)).toBe('sk-a')
  expect(await resolveKey(() => 'sk-b', signal)).toBe('sk-b')
  expect(await resolveKey(async () => 'sk-c', signal)).toBe('sk-c')
  expect(await resolveKey(undefined, signal)).toBe('sk-env')
  vi.stubEnv('DASHSCOPE_API_KEY', 'sk-rotated')
  expect(await resolveKey(undefined, signal)).toBe('sk-rotated')
})

test.for<string | (() => unknown)>(['', 'sk a', 'sk-a\n', 'sk-é', '\u200bsk-a', () => '', () => undefined])(
  '%o is no key, and the error does not show it',
  async (key) => {
    vi.stubEnv('DASHSCOPE_API_KEY', '')
    const failure = (async () => resolveKey(key as string, signal))()
    await expect(failure).rejects.toMatchObject({
      code: 'configuration',
      message: expect.stringMatching(/^apiKey: (missing|holds a space)/) as string,
    })
  },
)

test.each([
  [5, /got number$/],
  [Promise.resolve('sk-a'), /got a promise; await it$/],
  [{ key: 'sk-a' }, /got object$/],
  [() => 5, /got number$/],
])('a key that is no text is told from a missing one: %o', async (key: unknown, message) => {
  await expect(resolveKey(key as string, signal)).rejects.toMatchObject({
    code: 'configuration',
    message: expect.stringMatching(message) as string,
  })
})

test('a function that throws is a `configuration` error with its error as the cause', async () => {
  const cause = new Error('vault is sealed')
  const fail = () => {
    throw cause
  }
  await expect(resolveKey(fail, signal)).rejects.toMatchObject({ code: 'configuration', cause })
  await expect(resolveKey(() => Promise.reject(cause), signal)).rejects.toMatchObject({ code: 'configuration', cause })
})
