import { expect, test } from 'vitest'

import { loadPart } from './lazy.ts'

test('a part that cannot be loaded is a `configuration` error that says why', async () => {
  const cause = new TypeError('Failed to fetch dynamically imported module')
  await expect(loadPart(Promise.reject(cause))).rejects.toMatchObject({
    code: 'configuration',
    message: 'A part of the library could not be loaded: Failed to fetch dynamically imported module',
    cause,
  })
  expect(await loadPart(Promise.resolve('part'))).toBe('part')
})
