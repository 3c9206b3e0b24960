// Writes docs/models.md out of the catalogue.
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { renderModels } from './models-document.ts'

const root = join(import.meta.dirname, '..')
writeFileSync(join(root, 'docs/models.md'), renderModels())
process.exitCode = spawnSync('oxfmt', ['docs/models.md'], { cwd: root, stdio: 'inherit' }).status ?? 1
