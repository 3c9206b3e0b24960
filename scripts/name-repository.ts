// Writes into each public manifest which repository it is published from, as a GitHub workflow knows it: npm compares that
// with the provenance, and a fork's is another. For a release alone, so the change is not to be committed.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const { GITHUB_REPOSITORY: repository, GITHUB_SERVER_URL: server } = process.env
if (!repository || !server)
  throw new Error('GITHUB_REPOSITORY and GITHUB_SERVER_URL are not set: a release runs on GitHub')

const packages = join(import.meta.dirname, '../packages')
for (const name of readdirSync(packages)) {
  const path = join(packages, name, 'package.json')
  const manifest = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>
  if (manifest['private'] === true) continue
  manifest['repository'] = { type: 'git', url: `git+${server}/${repository}.git`, directory: `packages/${name}` }
  writeFileSync(path, `${JSON.stringify(manifest, undefined, 2)}\n`)
}
