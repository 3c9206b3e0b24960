import { writeFileSync } from 'node:fs'

import { output, start } from './command.ts'
import type { Outcome } from './outcome.ts'
import { inModules, inRunFolder, runFolder } from './run-folder.ts'
import type { Runtime } from './runtime.ts'

const binary = inModules('.bin/workerd')

/** No compatibility flag: nothing of Node is there. Workers reach public addresses only, unless told otherwise. */
function configuration(mockUrl: string): string {
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "cases", worker = (
      modules = [(name = "worker.js", esModule = embed "programs/worker.js")],
      compatibilityDate = "2026-11-01",
      bindings = [(name = "MOCK_URL", text = "${mockUrl}")],
    )),
    (name = "internet", network = (allow = ["local"])),
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "cases")],
);
`
}

/** The runtime of Cloudflare's Workers. */
export const workerd: Runtime = {
  name: 'workerd',
  version: async () => (await output(binary, ['--version'], runFolder)).replace('workerd ', ''),
  async run(mockUrl) {
    const file = inRunFolder('workerd.capnp')
    writeFileSync(file, configuration(mockUrl))
    const { firstLine, stop } = await start(binary, ['serve', file, '--control-fd=3'], { says: 3 })
    try {
      const { port } = JSON.parse(firstLine) as { port: number }
      const answer = await fetch(`http://127.0.0.1:${port}/`, { signal: AbortSignal.timeout(60_000) })
      if (!answer.ok) throw new Error(`workerd answered ${answer.status}: ${await answer.text()}`)
      return (await answer.json()) as Outcome[]
    } finally {
      await stop()
    }
  },
}
