// Where the time of a case goes: `npx -y pnpm@12 --dir bench cpu-profile stream-packed ours-native`, after a `start`.
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'

import { compileClients, runDir } from './install.ts'
import { runClient, startServer } from './rounds.ts'

interface Profile {
  nodes: { id: number; callFrame: { functionName: string; url: string; lineNumber: number } }[]
  samples: number[]
  timeDeltas: number[]
}

const [caseId = 'stream-packed', adapterId = 'ours-compatible'] = process.argv.slice(2)
const dir = join(runDir, 'profile')
rmSync(dir, { recursive: true, force: true })
mkdirSync(dir, { recursive: true })
await compileClients()
const server = await startServer()
try {
  const args = [join(runDir, 'clients', 'client.js'), caseId, adapterId, server.origin]
  const outcome = await runClient(args, ['--cpu-prof', '--cpu-prof-interval=100', `--cpu-prof-dir=${dir}`])
  console.log(JSON.stringify(outcome))
} finally {
  server.stop()
}

const [file = ''] = readdirSync(dir)
const { nodes, samples, timeDeltas } = JSON.parse(readFileSync(join(dir, file), 'utf8')) as Profile
const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]))
const byFunction = new Map<string, number>()
const byPackage = new Map<string, number>()
let busy = 0
for (const [index, id] of samples.entries()) {
  const frame = frames.get(id)
  if (!frame || ['(idle)', '(program)', '(root)'].includes(frame.functionName)) continue
  const time = timeDeltas[index] ?? 0
  const path = frame.url.split('/node_modules/').at(-1) ?? ''
  add(byFunction, `${frame.functionName || '(anonymous)'} ${path}:${frame.lineNumber + 1}`, time)
  add(byPackage, path === '' ? frame.functionName : owner(path), time)
  busy += time
}
console.log(`self time of ${caseId} with ${adapterId}: ${(busy / 1000).toFixed(0)} ms, start and warm-up included`)
print(byPackage, 12)
print(byFunction, 25)

/** A package's name, or what else a path belongs to. */
function owner(path: string): string {
  return /^(node:[\w]+|@[^/]+\/[^/]+|file:|[^/]+)/.exec(path)?.[0] ?? path
}

function add(spent: Map<string, number>, to: string, time: number): void {
  spent.set(to, (spent.get(to) ?? 0) + time)
}

function print(spent: ReadonlyMap<string, number>, count: number): void {
  console.log()
  for (const [at, time] of [...spent].sort(([, a], [, b]) => b - a).slice(0, count)) {
    console.log(`${(time / 1000).toFixed(1).padStart(8)} ms ${((100 * time) / busy).toFixed(1).padStart(5)} %  ${at}`)
  }
}
