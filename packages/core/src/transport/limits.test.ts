import { expect, test } from 'vitest'

import { resolveLimits } from './limits.ts'

test("a call's own limits come before the transport's, those before the defaults", () => {
  expect(resolveLimits({}, {})).toEqual({ timeout: 300_000, totalTimeout: Infinity, retries: 2 })
  const options = { timeout: 1, totalTimeout: 2, retries: 3 }
  expect(resolveLimits(options, {})).toEqual(options)
  expect(resolveLimits(options, { timeout: 10, retries: undefined })).toEqual({ ...options, timeout: 10 })
  expect(resolveLimits({}, { timeout: Infinity, retries: Infinity })).toMatchObject({ timeout: Infinity })
})

test.for([
  ['timeout', 0],
  ['timeout', NaN],
  ['totalTimeout', -1],
  ['totalTimeout', '5' as unknown as number],
  ['retries', -1],
  ['retries', 1.5],
  ['retries', NaN],
] as const)('%s cannot be %o', ([name, value]) => {
  const said = new RegExp(`^${name}: must be .*, got ${value}`)
  expect(() => resolveLimits({ [name]: value }, {})).toThrow(
    expect.objectContaining({ code: 'configuration', message: expect.stringMatching(said) as string }) as Error,
  )
  expect(() => resolveLimits({}, { [name]: value })).toThrow(
    expect.objectContaining({ code: 'validation', message: expect.stringMatching(said) as string }) as Error,
  )
})
