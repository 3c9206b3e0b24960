// The contract suite on node:test: `node --test tests/node-test/contract.ts`.
import { test } from 'node:test'

import { compatible } from '@dualscope/compatible'
import { dashscope } from '@dualscope/dashscope'
import { contract } from '@dualscope/testing'

for (const connect of [compatible, dashscope]) {
  for (const { name, run } of contract(connect)) void test(`${connect.name}: ${name}`, run)
}
