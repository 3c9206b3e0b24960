import { contract } from '@dualscope/testing'
import { expect, test } from 'vitest'

import { dashscope } from './transport.ts'

test.each(contract(dashscope))('$name', async ({ run }) => {
  expect(await run()).toBeUndefined()
})
