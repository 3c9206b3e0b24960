import { afterEach, expect, test, vi } from 'vitest'

import { environment } from './environment.ts'

afterEach(() => {
  vi.unstubAllEnvs()
  vi.unstubAllGlobals()
})

test('a variable is read at each call, and an empty one counts as none', () => {
  vi.stubEnv('DASHSCOPE_REGION_OF_THIS_TEST', 'here')
  expect(environment('DASHSCOPE_REGION_OF_THIS_TEST')).toBe('here')
  vi.stubEnv('DASHSCOPE_REGION_OF_THIS_TEST', '')
  expect(environment('DASHSCOPE_REGION_OF_THIS_TEST')).toBeUndefined()
})

test('a runtime without an environment has no variables', () => {
  vi.stubGlobal('process', undefined)
  expect(environment('DASHSCOPE_API_KEY')).toBeUndefined()
})

test('an environment that may not be read is a configuration error with the reason of the runtime', () => {
  const denied = new Error('Requires env access to "DASHSCOPE_API_KEY", run again with the --allow-env flag')
  const env = new Proxy(
    {},
    {
      get: () => {
        throw denied
      },
    },
  )
  vi.stubGlobal('process', { env })
  expect(() => environment('DASHSCOPE_API_KEY')).toThrow(
    expect.objectContaining({
      name: 'DualscopeError',
      code: 'configuration',
      message: `DASHSCOPE_API_KEY: cannot be read from the environment: ${denied.message}`,
      cause: denied,
    }),
  )
})
