import { spawnSync } from 'node:child_process'
import {
  closeSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'

import { build } from 'esbuild'

import { adapters } from './adapters.ts'
import { videoBytes, videoPath } from './cases.ts'

const bench = join(import.meta.dirname, '..')
const root = join(bench, '..')

/** The folder in which everything that runs is assembled. */
export const runDir = join(bench, '.run')

const ours = ['core', 'compatible', 'dashscope']

function source(name: string) {
  return join(import.meta.dirname, name)
}

/** Builds and packs our packages, and installs the tarballs as an application would. */
export function installOurs(): void {
  rmSync(runDir, { recursive: true, force: true })
  mkdirSync(runDir)
  pnpm(root, ...ours.map((name) => `--filter=@dualscope/${name}`), 'run', 'build')
  for (const name of ours) pnpm(join(root, 'packages', name), 'pack', '--pack-destination', runDir)
  const tarball = (name: string) => readdirSync(runDir).find((file) => file.startsWith(`dualscope-${name}-`)) ?? name
  const { dependencies } = JSON.parse(readFileSync(join(bench, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>
  }
  const { ky, zod, 'eventsource-parser': parser } = dependencies
  const manifest = {
    private: true,
    type: 'module',
    dependencies: {
      ...Object.fromEntries(ours.map((name) => [`@dualscope/${name}`, `file:${tarball(name)}`])),
      // The versions that the second baseline takes, so that both run the same code.
      ky,
      zod,
      'eventsource-parser': parser,
    },
  }
  writeFileSync(join(runDir, 'package.json'), JSON.stringify(manifest, undefined, 2))
  writeFileSync(join(runDir, 'pnpm-workspace.yaml'), 'packages: [.]\n')
  pnpm(runDir, 'install', '--no-frozen-lockfile')
}

/**
 * Compiles the client processes, so that what is measured runs no compiler. Packages stay outside: ours are found beside
 * the result, the peers above it.
 */
export async function compileClients(): Promise<void> {
  await build({
    entryPoints: [
      source('client.ts'),
      source('import-client.ts'),
      ...adapters.map(({ id }) => source(`adapters/${id}.ts`)),
    ],
    outdir: join(runDir, 'clients'),
    outbase: import.meta.dirname,
    bundle: true,
    splitting: true,
    packages: 'external',
    format: 'esm',
    platform: 'node',
    target: 'node24',
    // Not the one of this folder, whose paths lead to our source.
    tsconfigRaw: {},
  })
}

/** Puts a video there that begins as one and is zeros. */
export function makeVideo(): void {
  const file = openSync(join(runDir, videoPath), 'w')
  writeFileSync(file, Buffer.from('000000186674797069736f6d0000020069736f6d6d703432', 'hex'))
  ftruncateSync(file, videoBytes)
  closeSync(file)
}

/** The installed version of a package. */
export function versionOf(name: string): string {
  const dirs = [runDir, bench].map((dir) => join(dir, 'node_modules', name, 'package.json'))
  for (const file of dirs) {
    try {
      return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    }
  }
  return 'not installed'
}

function pnpm(cwd: string, ...args: string[]): void {
  console.error(`$ pnpm ${args.join(' ')}`)
  const { status, error } = spawnSync('pnpm', args, { cwd, stdio: ['ignore', 2, 2] })
  if (error) throw error
  if (status !== 0) throw new Error(`pnpm ${args[0] ?? ''} failed in ${cwd}`)
}
