import { readFileSync } from 'node:fs'

import { expect, test } from 'vitest'

import { answers, chunks, codecs, heads, outgoing } from './mutations/mutation.ts'
import { readTable } from './mutations/report.ts'
import { findCase, mutations, tryMutation } from './mutations/run.ts'

const rows = readTable(readFileSync(new URL('../docs/contract.md', import.meta.url), 'utf8'))
const again = 'run `node scripts/mutate-transports.ts`'

test(`docs/contract.md lists every mutation of every transport; else ${again}`, () => {
  const expected = mutations.flatMap(({ name, on }) => on.map((wire) => `${name} (${wire})`))
  expect(rows.map(({ mutation, wire }) => `${mutation} (${wire})`)).toEqual(expected)
  expect(new Set(expected).size).toBe(expected.length)
  expect(mutations.length).toBeGreaterThanOrEqual(40)
})

// Some of the broken transports hang, until the case's own limit of ten seconds.
test.concurrent.each(
  mutations.flatMap((mutation) => mutation.on.map((wire) => ({ mutation, wire, name: mutation.name }))),
)(
  `a transport that $name ($wire) is caught by the case of docs/contract.md; else ${again}`,
  async ({ mutation, wire }) => {
    const row = rows.find((each) => each.mutation === mutation.name && each.wire === wire)
    const item = findCase(mutation, wire, row?.caughtBy ?? '')
    if (!item) throw new Error(`No case is named "${row?.caughtBy ?? ''}"; ${again}`)
    await expect(item.run()).rejects.toBeDefined()
  },
  30_000,
)

const harmless = [
  outgoing('requests', () => undefined),
  heads('heads', () => ({})),
  answers('answers', () => () => undefined),
  codecs('codecs', () => ({})),
  chunks('chunks', () => (chunk) => chunk),
]

test.each(harmless.flatMap((mutation) => mutation.on.map((wire) => ({ mutation, wire, name: mutation.name }))))(
  'what breaks $name ($wire) breaks nothing by itself',
  async ({ mutation, wire }) => {
    expect(await tryMutation(mutation, wire)).toMatchObject({ caughtBy: undefined })
  },
  60_000,
)
