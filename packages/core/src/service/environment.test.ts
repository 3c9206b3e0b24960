import { afterEach, expect, test, vi } from 'vitest'

import manifest from '../../package.json' with { type: 'json' }
import { environment, userAgent } from './environment.ts'

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

test('the product token follows the User-Agent of the caller, and browsers keep their own', () => {
  const token = `dualscope/${manifest.version}`
  expect(userAgent(undefined)).toBe(token)
  expect(userAgent('my-app/2')).toBe(`my-app/2 ${token}`)
  vi.stubGlobal('navigator', { userAgent: 'Mozilla/5.0 (X11; Linux x86_64)' })
  expect(userAgent(undefined)).toBeUndefined()
  vi.stubGlobal('navigator', undefined)
  expect(userAgent(undefined)).toBe(token)
})
