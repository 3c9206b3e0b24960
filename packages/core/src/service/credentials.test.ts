import { afterEach, expect, test, vi } from 'vitest'

import { resolveKey } from './credentials.ts'

afterEach(() => {
  vi.unstubAllEnvs()
})

test('the key comes from the option, from a function, or from the environment at call time', async () => {
  vi.stubEnv('DASHSCOPE_API_KEY', 'sk-env')
  expect(await resolveKey('sk-a')).toBe('sk-a')
  expect(await resolveKey(() => 'sk-b')).toBe('sk-b')
  expect(await resolveKey(async () => 'sk-c')).toBe('sk-c')
  expect(await resolveKey(undefined)).toBe('sk-env')
  vi.stubEnv('DASHSCOPE_API_KEY', 'sk-rotated')
  expect(await resolveKey(undefined)).toBe('sk-rotated')
})

test.for<string | (() => unknown)>(['', 'sk a', 'sk-a\n', 'sk-é', '\u200bsk-a', () => '', () => undefined, () => 5])(
  '%o is no key, and the error does not show it',
  async (key) => {
    vi.stubEnv('DASHSCOPE_API_KEY', '')
    const failure = (async () => resolveKey(key as string))()
    await expect(failure).rejects.toMatchObject({
      code: 'configuration',
      message: expect.stringMatching(/^apiKey: (missing|holds a space)/) as string,
    })
  },
)

test('a function that throws is a `configuration` error with its error as the cause', async () => {
  const cause = new Error('vault is sealed')
  const fail = () => {
    throw cause
  }
  await expect(resolveKey(fail)).rejects.toMatchObject({ code: 'configuration', cause })
  await expect(resolveKey(() => Promise.reject(cause))).rejects.toMatchObject({ code: 'configuration', cause })
})
