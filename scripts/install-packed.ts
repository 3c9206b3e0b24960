// Builds and packs every public package, and installs the tarballs into an empty folder, as an application would.
import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

interface Manifest {
  name: string
  version: string
  private?: boolean
}

const root = join(import.meta.dirname, '..')

/** A public package as packed: the tarball's name within the folder it was packed into. */
export interface Packed {
  name: string
  version: string
  file: string
}

/** Builds every public package and packs it into a folder. */
export function packInto(folder: string): Packed[] {
  mkdirSync(folder, { recursive: true })
  run(root, 'pnpm', 'run', 'build')
  const packed: Packed[] = []
  for (const name of readdirSync(join(root, 'packages'))) {
    const dir = join(root, 'packages', name)
    const manifest = JSON.parse(readFileSync(join(dir, 'package.json'), 'utf8')) as Manifest
    if (manifest.private === true) continue
    run(dir, 'pnpm', 'pack', '--pack-destination', folder)
    const file = `${manifest.name.replace('@', '').replace('/', '-')}-${manifest.version}.tgz`
    packed.push({ name: manifest.name, version: manifest.version, file })
  }
  return packed
}

/**
 * Empties a folder and installs the packages into it with npm, together with what they ask their user for. Gives each
 * package's version.
 */
export function installPacked(folder: string): Record<string, string> {
  rmSync(folder, { recursive: true, force: true })
  const packed = packInto(join(folder, 'tarballs'))
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }\n')
  run(folder, 'npm', 'install', '--no-audit', '--no-fund', ...packed.map(({ file }) => `./tarballs/${file}`))
  return Object.fromEntries(packed.map(({ name, version }) => [name, version]))
}

function run(cwd: string, command: string, ...args: string[]): void {
  console.error(`$ ${command} ${args.join(' ')}`)
  const { status, error } = spawnSync(command, args, { cwd, stdio: ['ignore', 2, 2] })
  if (error) throw error
  if (status !== 0) throw new Error(`${command} ${args[0] ?? ''} failed in ${cwd}`)
}
