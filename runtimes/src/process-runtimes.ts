import { output } from './command.ts'
import type { Outcome } from './outcome.ts'
import { inModules, inRunFolder, runFolder } from './run-folder.ts'
import type { Runtime } from './runtime.ts'

function processRuntime(name: string, binary: string, flags: readonly string[] = []): Runtime {
  return {
    name,
    version: async () => /\d+(\.\d+)+/.exec(await output(binary, ['--version'], runFolder))?.[0] ?? 'unknown',
    run: async (mockUrl) =>
      JSON.parse(await output(binary, [...flags, inRunFolder('programs/process.js'), mockUrl], runFolder)) as Outcome[],
  }
}

/** The runtimes that run a program as a process. */
export const processRuntimes: readonly Runtime[] = [
  processRuntime('Node 22', inModules('node-22/bin/node')),
  processRuntime('Node 24', inModules('node/bin/node')),
  processRuntime('Node 26', inModules('node-26/bin/node')),
  // No permission but the network's: neither files nor the environment, since the key is passed.
  processRuntime('Deno', inModules('.bin/deno'), [
    'run',
    '--quiet',
    '--no-prompt',
    '--no-lock',
    '--allow-net=127.0.0.1',
  ]),
  processRuntime('Bun', inModules('.bin/bun'), ['run']),
]
