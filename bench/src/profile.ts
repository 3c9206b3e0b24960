import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'

import { runDir } from './install.ts'
import { runClient } from './rounds.ts'

/** The time of a client process's main thread by function, start and warm-up included, ms. */
export interface Profile {
  byPackage: Record<string, number>
  byFunction: Record<string, number>
}

interface CpuProfile {
  nodes: { id: number; callFrame: { functionName: string; url: string; lineNumber: number } }[]
  samples: number[]
  timeDeltas: number[]
}

/** Runs a case with V8's sampling profiler. */
export async function profileCase(caseId: string, adapterId: string, origin: string): Promise<Profile> {
  const dir = join(runDir, 'profile')
  rmSync(dir, { recursive: true, force: true })
  mkdirSync(dir, { recursive: true })
  const args = [join(runDir, 'clients', 'client.js'), caseId, adapterId, origin]
  const outcome = await runClient(args, ['--cpu-prof', '--cpu-prof-interval=100', `--cpu-prof-dir=${dir}`])
  if ('failure' in outcome) throw new Error(outcome.failure)
  const [file = ''] = readdirSync(dir)
  return selfTimes(JSON.parse(readFileSync(join(dir, file), 'utf8')) as CpuProfile)
}

function selfTimes({ nodes, samples, timeDeltas }: CpuProfile): Profile {
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]))
  const profile: Profile = { byPackage: {}, byFunction: {} }
  for (const [index, id] of samples.entries()) {
    const frame = frames.get(id)
    if (!frame || ['(idle)', '(program)', '(root)'].includes(frame.functionName)) continue
    const time = (timeDeltas[index] ?? 0) / 1000
    const path = frame.url.split('/node_modules/').at(-1) ?? ''
    add(profile.byFunction, `${frame.functionName || '(anonymous)'} ${path}:${frame.lineNumber + 1}`, time)
    add(profile.byPackage, path === '' ? builtIn(frame.functionName) : owner(path), time)
  }
  return profile
}

/** V8's own: collecting garbage, or built-in functions. */
function builtIn(functionName: string): string {
  return functionName === '(garbage collector)' ? 'garbage collection' : 'V8'
}

/** A package's name, or what else a path belongs to. */
function owner(path: string): string {
  if (path.startsWith('file:')) return 'application'
  return /^(node:|@[^/]+\/[^/]+|[^/]+)/.exec(path)?.[0].replace('node:', 'Node') ?? path
}

function add(spent: Record<string, number>, to: string, time: number): void {
  spent[to] = (spent[to] ?? 0) + time
}
