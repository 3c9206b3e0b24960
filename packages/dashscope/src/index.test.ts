import { expect, test } from 'vitest'

import * as dashscope from './index.ts'

test('the exported values are those that were meant to be', () => {
  expect(Object.keys(dashscope)).toMatchSnapshot()
})
