import { expect, test } from 'vitest'

import * as otel from './index.ts'

test('the package exports exactly these names', () => {
  expect(Object.keys(otel)).toEqual(['traced'])
})
