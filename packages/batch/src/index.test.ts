import { expect, test } from 'vitest'

import * as batch from './index.ts'

test('the package exports exactly these names', () => {
  expect(Object.keys(batch)).toMatchInlineSnapshot(`
    [
      "limited",
      "checkBatchFile",
      "connectQueue",
      "connectRedis",
      "runBatch",
      "runBatchFile",
      "runWorker",
    ]
  `)
})
