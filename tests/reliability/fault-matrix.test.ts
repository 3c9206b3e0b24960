import { readFile } from 'node:fs/promises'

import { describe, expect, test } from 'vitest'

import { faults, type Mode } from './fault-matrix.ts'
import { matrixTable } from './matrix-table.ts'
import { protocols } from './protocols.ts'
import { runFault } from './run-fault.ts'

const modes: readonly Mode[] = ['chat', 'stream']

describe.each(protocols)('over $name', (bytes) => {
  describe.each(modes)('%s:', (mode) => {
    test.concurrent.for(faults)('$name', async (fault) => {
      expect(await runFault(fault, bytes, mode)).toEqual({ ...fault.expected[mode], closed: true })
    })
  })
})

test('the documents print this matrix', async () => {
  const page = await readFile(new URL('../../docs/reliability.md', import.meta.url), 'utf8')
  expect(page).toContain(`\n${matrixTable()}\n`)
})
