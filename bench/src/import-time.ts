import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import type { AdapterInfo } from './adapters.ts'
import type { Outcome } from './client.ts'
import { runDir } from './install.ts'
import { runClient } from './rounds.ts'

/** The clients to import. The libraries alone are the same for both protocols. */
export function hasImports({ id, packages }: AdapterInfo): boolean {
  return packages.length > 0 && id !== 'by-hand-native'
}

/** Measures the import of an adapter's packages, and of nothing else, in a process of its own. */
export async function measureImport({ id, packages }: AdapterInfo): Promise<Outcome> {
  const dir = join(runDir, 'clients', 'imports')
  mkdirSync(dir, { recursive: true })
  writeFileSync(join(dir, `${id}.js`), packages.map((name) => `import '${name}'\n`).join(''))
  return runClient([join(runDir, 'clients', 'import-client.js'), `imports/${id}.js`])
}
