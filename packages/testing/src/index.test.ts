import { expect, test } from 'vitest'

import * as entry from './index.ts'
import * as msw from './msw.ts'
import * as server from './server.ts'

test('the package exports these names', () => {
  expect(Object.keys(entry).sort()).toEqual([
    'applyBodyFault',
    'compareRecordings',
    'contract',
    'createMock',
    'faults',
    'fixtures',
    'replay',
    'samples',
    'toFixture',
  ])
  expect(Object.keys(msw)).toEqual(['handlers'])
  expect(Object.keys(server)).toEqual(['listen'])
})
