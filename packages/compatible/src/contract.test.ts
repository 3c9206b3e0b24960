import { contract } from '@dualscope/testing'
import { test } from 'vitest'

import { compatible } from './transport.ts'

test.each(contract(compatible))('$name', async ({ run }) => {
  await run()
})
