// The benchmark: `npx -y pnpm@12 --dir bench start`, see README.md.
import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'

import { adapters } from './adapters.ts'
import { bundleSize } from './bundle.ts'
import { cases } from './cases.ts'
import { performanceDocument } from './document.ts'
import { hasImports, measureImport } from './import-time.ts'
import { compileClients, installOurs, makeVideo, runDir, versionOf } from './install.ts'
import { plot } from './plot.ts'
import { profileCase } from './profile.ts'
import type { Results } from './results.ts'
import { runClient, runRounds, startServer } from './rounds.ts'
import { besideByHand, summary } from './tables.ts'

const { values: options } = parseArgs({
  allowNegative: true,
  options: {
    build: { type: 'boolean', default: true },
    only: { type: 'string' },
    peers: { type: 'boolean', default: true },
    rounds: { type: 'string' },
    write: { type: 'boolean', default: false },
  },
})
const known = [...cases.map(({ id }) => id), 'import', 'bundle']
const wanted = options.only?.split(',') ?? known
for (const id of wanted) if (!known.includes(id)) throw new Error(`no case ${id}; there are ${known.join(', ')}`)
const rounds = options.rounds === undefined ? undefined : Number(options.rounds)
if (rounds !== undefined && !(rounds >= 1)) throw new Error('--rounds takes a number of at least 1')
if (options.write && (options.only !== undefined || !options.peers))
  throw new Error('--write needs a run of everything')

if (options.build) installOurs()
await compileClients()
makeVideo()

const measured = adapters.filter(({ kind }) => options.peers || kind !== 'peer')
const packages = new Set(adapters.flatMap((adapter): readonly string[] => adapter.packages))
const results: Results = {
  date: new Date().toISOString().slice(0, 10),
  node: process.version,
  machine: `${process.platform} ${process.arch}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown CPU'}`,
  versions: Object.fromEntries(
    [...packages].map((name) => name.replace('zod/mini', 'zod')).map((name) => [name, versionOf(name)]),
  ),
  cases: {},
  bundles: {},
  profiles: [],
}

// The document's sections about where the time goes.
const profiled = ['call', 'stream-packed', 'first-delta', 'cumulative'].flatMap((caseId) =>
  ['by-hand-native', 'ours-native'].map((adapterId) => [caseId, adapterId] as const),
)

const server = await startServer()
try {
  const client = join(runDir, 'clients', 'client.js')
  for (const one of cases) {
    if (!wanted.includes(one.id)) continue
    results.cases[one.id] = await runRounds(one.id, rounds ?? one.rounds, measured.filter(one.has), ({ id }) =>
      runClient([client, one.id, id, server.origin], one.nodeOptions),
    )
  }
  if (options.write) {
    for (const [caseId, adapterId] of profiled) {
      results.profiles.push({ caseId, adapterId, ...(await profileCase(caseId, adapterId, server.origin)) })
    }
  }
} finally {
  server.stop()
}
if (wanted.includes('import')) {
  results.cases['import'] = await runRounds('import', rounds ?? 15, measured.filter(hasImports), measureImport)
}
if (wanted.includes('bundle')) {
  for (const adapter of measured) {
    const size = await bundleSize(adapter)
    if (size) results.bundles[adapter.id] = size
  }
}

console.log(`\n${summary(results)}\n${besideByHand(results)}`)
const bench = join(import.meta.dirname, '..')
writeFileSync(join(bench, 'results.json'), JSON.stringify(results, undefined, 2))
if (options.write) {
  const docs = join(bench, '..', 'docs')
  mkdirSync(docs, { recursive: true })
  writeFileSync(join(docs, 'performance.md'), performanceDocument(results))
  writeFileSync(join(docs, 'performance.svg'), plot(results) ?? '')
}
