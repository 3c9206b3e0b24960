import { expect, test } from 'vitest'

import * as dashscope from './index.ts'

test('the package exports exactly these names', () => {
  expect(Object.keys(dashscope)).toMatchInlineSnapshot(`
    [
      "codec",
      "dashscope",
    ]
  `)
})
