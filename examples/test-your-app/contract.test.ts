// The transports, with this app's own settings, keep the contract.
import { contract } from '@dualscope/testing'
import { test } from 'vitest'

import { transports } from './transports.ts'

test.each(contract(transports.compatible))('compatible, $name', async ({ run }) => {
  await run()
})

test.each(contract(transports.dashscope))('dashscope, $name', async ({ run }) => {
  await run()
})
