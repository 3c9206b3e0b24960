// Packs every public package as it would be published, looks into the tarball, and has publint and attw judge it.
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

interface Manifest {
  name: string
  private?: boolean
}

const root = join(import.meta.dirname, '..')
const failures: string[] = []

function run(what: string, cwd: string, command: string, ...args: string[]): boolean {
  console.log(`\n$ ${command} ${args.join(' ')}`)
  const { status, error } = spawnSync(command, args, { cwd, stdio: ['ignore', 'inherit', 'inherit'] })
  if (error) console.error(error.message)
  if (status !== 0) failures.push(what)
  return status === 0
}

const required = ['LICENSE', 'README.md', 'package.json']
const allowed =
  /^(LICENSE|README\.md|package\.json|dist\/.+\.(js|js\.map|d\.ts)|dist\/THIRD-PARTY-LICENSES\.txt|dist\/page\/(index\.html|style\.css))$/

function tar(...args: string[]): string {
  return execFileSync('tar', args, { encoding: 'utf8', maxBuffer: 1e8 })
}

/** A user gets what was built, the licence and the manual: no tests, no sources beside their maps, no maps of nothing. */
function contents(name: string, tarball: string): void {
  const paths = tar('-tzf', tarball).trim().split('\n')
  const files = paths.map((path) => path.replace(/^package\//, ''))
  const emptyMaps = files.filter(
    (file) =>
      file.endsWith('.map') &&
      (JSON.parse(tar('-xzOf', tarball, `package/${file}`)) as { sources: string[] }).sources.length === 0,
  )
  const complain = (what: string, which: string[]): void => {
    failures.push(...which.map((file) => `${name}: ${what}: ${file}`))
  }
  complain(
    'missing',
    required.filter((file) => !files.includes(file)),
  )
  complain(
    'does not belong',
    files.filter((file) => !allowed.test(file) || file.includes('.test.')),
  )
  complain('a map of nothing', emptyMaps)
}

function check(dir: string, name: string, to: string): void {
  if (!run(`${name}: pack`, dir, 'pnpm', 'pack', '--pack-destination', to)) return
  const tarball = readdirSync(to).find((file) => file.endsWith('.tgz'))
  if (tarball === undefined) {
    failures.push(`${name}: no tarball`)
    return
  }
  contents(name, join(to, tarball))
  run(`${name}: publint`, to, 'publint', 'run', tarball, '--strict')
  run(`${name}: attw`, to, 'attw', tarball, '--profile', 'esm-only', '--format', 'ascii')
}

for (const entry of readdirSync(join(root, 'packages'), { withFileTypes: true })) {
  if (!entry.isDirectory()) continue
  const dir = join(root, 'packages', entry.name)
  const manifest = JSON.parse(readFileSync(join(dir, 'package.json'), 'utf8')) as Manifest
  if (manifest.private === true) continue
  const to = mkdtempSync(join(tmpdir(), 'dualscope-pack-'))
  try {
    check(dir, manifest.name, to)
  } finally {
    rmSync(to, { recursive: true, force: true })
  }
}

if (failures.length > 0) {
  console.error(`\nFailed:\n  ${failures.join('\n  ')}`)
  process.exitCode = 1
}
