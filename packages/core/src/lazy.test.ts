import { expect, test } from 'vitest'

import { importOnDemand } from './lazy.ts'

test('a module that cannot be imported is a `configuration` error with the reason', async () => {
  const cause = new TypeError('Failed to fetch dynamically imported module')
  await expect(importOnDemand(Promise.reject(cause))).rejects.toMatchObject({
    code: 'configuration',
    message:
      'A part of the library could not be loaded: Failed to fetch dynamically imported module. If the page is out of date, reload it',
    cause,
  })
  expect(await importOnDemand(Promise.resolve('part'))).toBe('part')
})
