// Writes the version of @dualscope/core into its source, which has it in the User-Agent of requests.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const core = join(import.meta.dirname, '../packages/core')
const { version } = JSON.parse(readFileSync(join(core, 'package.json'), 'utf8')) as { version: string }
const file = join(core, 'src/service/environment.ts')
const source = readFileSync(file, 'utf8')
const written = source.replace(/^const version = '.*'$/m, `const version = '${version}'`)
if (!written.includes(`const version = '${version}'`)) throw new Error(`No version found in ${file}`)
writeFileSync(file, written)
