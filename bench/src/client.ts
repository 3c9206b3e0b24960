// A client process: `client.js <case> <adapter> <origin>`. It prints what it measured, or why it could not, as one JSON line.
import type { Connect } from './adapter.ts'
import { cases } from './cases.ts'
import type { Measurement } from './measurement.ts'

/** The output of a client process. */
export type Outcome = { measurement: Measurement } | { failure: string }

const [caseId, adapterId = '', origin = ''] = process.argv.slice(2)

async function run(): Promise<Outcome> {
  const measured = cases.find(({ id }) => id === caseId)
  if (!measured) throw new Error(`no case ${String(caseId)}`)
  try {
    const file = new URL(`adapters/${adapterId}.js`, import.meta.url).href
    const { connect } = (await import(file)) as { connect: Connect }
    return { measurement: await measured.measure(connect, origin) }
  } catch (error) {
    return { failure: error instanceof Error ? error.message : String(error) }
  }
}

console.log(JSON.stringify(await run()))
// Connections that are kept alive would keep the process.
process.exit()
