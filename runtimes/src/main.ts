// Runs the same cases over both protocols inside every runtime, against the loopback mock, with the packages as users
// install them. Prints the table; `--write` also writes it to docs/runtimes.md, and
// the picture of the playground. Exits 1 if anything failed.
import { copyFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { installPacked } from '../../scripts/install-packed.ts'
import { browserRuntime } from './browser-runtime.ts'
import { launchChromium, missingChromium } from './chromium.ts'
import { output, start } from './command.ts'
import { renderDocument } from './document.ts'
import { tryDirectPlayground, tryPlayground } from './playground.ts'
import { processRuntimes } from './process-runtimes.ts'
import { compilePrograms, inRunFolder, runFolder } from './run-folder.ts'
import type { Runtime } from './runtime.ts'
import { isGood, renderFailures, renderTable, type Row } from './table.ts'
import { tryTemporaryKeys } from './temporary-keys.ts'
import { workerd } from './workerd.ts'

/** As far as what arrived at the mock is read here. */
interface Arrived {
  headers: Record<string, string>
  issues: { status: number }[]
}

const packages = installPacked(runFolder)
await compilePrograms()
const mock = await start(process.execPath, [inRunFolder('programs/mock.js')])
const rows: Row[] = []
const preflights = new Set<string>()
const pages: string[] = []

async function control<T>(path: string): Promise<T> {
  return (await (await fetch(`${mock.firstLine}/control/${path}`)).json()) as T
}

async function visit(runtime: Runtime): Promise<void> {
  const row: Row = { runtime: runtime.name, version: '', outcomes: [] }
  const started = performance.now()
  try {
    await control('reset')
    row.version = await runtime.version()
    row.outcomes = await runtime.run(mock.firstLine)
    const arrived = await control<Arrived[]>('requests')
    // A wrong key is one of the cases; anything else would be a request that the documents do not know.
    const issues = arrived.flatMap((request) => request.issues).filter(({ status }) => status !== 401)
    if (issues.length > 0) row.failure = `the mock objected: ${JSON.stringify(issues)}`
  } catch (error) {
    row.failure = error instanceof Error ? error.message : String(error)
  }
  rows.push(row)
  console.error(
    `${isGood(row) ? '✓' : '✗'} ${row.runtime} ${row.version} (${Math.round(performance.now() - started)} ms)`,
  )
}

async function tryPage(name: string, use: () => Promise<void>): Promise<void> {
  try {
    await use()
    console.error(`✓ ${name}`)
  } catch (error) {
    pages.push(`${name}: ${error instanceof Error ? error.message : String(error)}`)
  }
}

try {
  for (const runtime of [...processRuntimes, workerd]) await visit(runtime)
  const missing = missingChromium()
  if (missing === undefined) {
    const browser = await launchChromium()
    try {
      await visit(browserRuntime(browser, preflights))
      const command = inRunFolder('node_modules/dualscope/dist/cli.js')
      await tryPage('The playground', () => tryPlayground(browser, command, runFolder))
      await tryPage('The playground with temporary keys', () => tryDirectPlayground(browser, command))
      for (const protocol of ['compatible', 'dashscope']) {
        await tryPage(`Temporary keys, ${protocol}`, () => tryTemporaryKeys(browser, mock.firstLine, protocol))
      }
    } finally {
      await browser.close()
    }
  } else {
    rows.push({ runtime: 'Chromium', version: '–', outcomes: [], failure: missing })
  }
} finally {
  await mock.stop()
}

const failures = [...renderFailures(rows), ...pages]
console.log(`\n${renderTable(rows)}\n`)
console.log(`Chromium's preflights asked for: ${[...preflights].join(', ')}`)
for (const failure of failures) console.log(`✗ ${failure}`)
if (process.argv.includes('--write')) {
  const documents = join(import.meta.dirname, '../../docs')
  const path = join(documents, 'runtimes.md')
  writeFileSync(path, renderDocument({ rows, preflights: [...preflights].sort(), packages }))
  copyFileSync(inRunFolder('playground-light.png'), join(documents, 'playground.png'))
  await output('pnpm', ['exec', 'oxfmt', path], join(import.meta.dirname, '../..'))
}
if (failures.length > 0 || !rows.every(isGood)) process.exitCode = 1
