import { expect, test } from 'vitest'

import * as compatible from './index.ts'

test('the exported values are those that were meant to be', () => {
  expect(Object.keys(compatible)).toMatchSnapshot()
})
