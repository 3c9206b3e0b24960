// Compiles the zod schemas of the wire into functions that only look, so that a chat needs no zod:
// `npx -y pnpm@12 guards` (docs/decisions/007).
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { completion } from '../packages/compatible/src/schema.ts'
import { generation } from '../packages/dashscope/src/schema.ts'
import { compileGuard } from './compile-guard.ts'

const guards = {
  'packages/compatible/src/guard.ts': compileGuard('completion', completion),
  'packages/dashscope/src/guard.ts': compileGuard('generation', generation),
}
const root = join(import.meta.dirname, '..')
for (const [file, code] of Object.entries(guards)) {
  writeFileSync(join(root, file), `// Compiled from schema.ts by \`npx -y pnpm@12 guards\`; not by hand.\n\n${code}`)
}
execFileSync('oxfmt', Object.keys(guards), { cwd: root, stdio: 'inherit' })
