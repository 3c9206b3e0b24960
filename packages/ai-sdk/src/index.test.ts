import { expect, test } from 'vitest'

import * as aiSdk from './index.ts'

test('the package exports exactly these names', () => {
  expect(Object.keys(aiSdk)).toMatchInlineSnapshot(`
    [
      "createDualscope",
      "dualscope",
    ]
  `)
})
