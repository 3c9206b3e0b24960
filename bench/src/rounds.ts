import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'

import type { AdapterInfo } from './adapters.ts'
import type { Outcome } from './client.ts'
import { runDir } from './install.ts'
import type { CaseResult, Measurement } from './measurement.ts'

const execute = promisify(execFile)

/** Starts the one server of a run. */
export async function startServer(): Promise<{ origin: string; stop: () => void }> {
  const server = spawn(process.execPath, [join(import.meta.dirname, 'server.ts')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const [origin] = (await once(createInterface(server.stdout), 'line')) as [string]
  return { origin, stop: () => server.kill() }
}

/** Runs one client process, for as long as a minute. */
export async function runClient(args: readonly string[], nodeOptions: readonly string[] = []): Promise<Outcome> {
  try {
    const { stdout } = await execute(process.execPath, [...nodeOptions, ...args], { cwd: runDir, timeout: 60_000 })
    return JSON.parse(stdout) as Outcome
  } catch (error) {
    // A crash prints its error among much else.
    const { message, stderr = '' } = error as Error & { stderr?: string }
    const [line = message.split('\n')[0] ?? ''] = /^.*Error\b.*$/m.exec(stderr) ?? []
    return { failure: line }
  }
}

/**
 * Measures adapters in rounds, each round in another random order. An adapter that fails is left out of the rounds that
 * follow: none of its figures count.
 */
export async function runRounds(
  title: string,
  rounds: number,
  adapters: readonly AdapterInfo[],
  measure: (adapter: AdapterInfo) => Promise<Outcome>,
): Promise<CaseResult> {
  const measured = new Map<string, Measurement[]>(adapters.map(({ id }) => [id, []]))
  const failures = new Map<string, string>()
  const started = performance.now()
  for (let round = 0; round < rounds; round += 1) {
    for (const adapter of shuffled(adapters)) {
      if (failures.has(adapter.id)) continue
      const outcome = await measure(adapter)
      if ('failure' in outcome) failures.set(adapter.id, outcome.failure)
      else measured.get(adapter.id)?.push(outcome.measurement)
    }
  }
  console.error(`${title}: ${rounds} rounds, ${((performance.now() - started) / 1000).toFixed(0)} s`)
  for (const [id, failure] of failures) console.error(`  ${id} failed: ${failure}`)
  return Object.fromEntries(
    [...measured].map(([id, samples]) => {
      const failure = failures.get(id)
      return [id, failure === undefined ? samples : { failure }]
    }),
  )
}

function shuffled<T>(values: readonly T[]): T[] {
  return values
    .map((value) => ({ value, at: Math.random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ value }) => value)
}
