import { expect, test } from 'vitest'

import * as compatible from './index.ts'

test('the package exports exactly these names', () => {
  expect(Object.keys(compatible)).toMatchInlineSnapshot(`
    [
      "codec",
      "compatible",
    ]
  `)
})
