// Shows where the time of a case goes: `npx -y pnpm@12 --dir bench cpu-profile stream-packed ours-native`, after a `start`.
import { compileClients } from './install.ts'
import { profileCase } from './profile.ts'
import { startServer } from './rounds.ts'

const [caseId = 'stream-packed', adapterId = 'ours-compatible'] = process.argv.slice(2)
await compileClients()
const server = await startServer()
try {
  const { byPackage, byFunction } = await profileCase(caseId, adapterId, server.origin)
  console.log(`self time of ${caseId} with ${adapterId}, start and warm-up included`)
  print(byPackage, 12)
  print(byFunction, 25)
} finally {
  server.stop()
}

function print(spent: Readonly<Record<string, number>>, count: number): void {
  const busy = Object.values(spent).reduce((sum, time) => sum + time, 0)
  console.log()
  for (const [at, time] of Object.entries(spent)
    .sort(([, a], [, b]) => b - a)
    .slice(0, count)) {
    console.log(`${time.toFixed(1).padStart(8)} ms ${((100 * time) / busy).toFixed(1).padStart(5)} %  ${at}`)
  }
}
