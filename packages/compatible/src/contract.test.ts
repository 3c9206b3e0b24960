import { contract } from '@dualscope/testing'
import { expect, test } from 'vitest'

import { compatible } from './transport.ts'

test.each(contract(compatible))('$name', async ({ run }) => {
  expect(await run()).toBeUndefined()
})
