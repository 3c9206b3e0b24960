import { contract } from '@dualscope/testing'
import { test } from 'vitest'

import { dashscope } from './transport.ts'

test.each(contract(dashscope))('$name', async ({ run }) => {
  await run()
})
