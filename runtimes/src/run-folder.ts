import { join } from 'node:path'

import { build, type BuildOptions } from 'esbuild'

const folder = join(import.meta.dirname, '..')

/** The folder in which the packages are installed and everything that runs is assembled. git ignores it. */
export const runFolder = join(folder, '.run')

/** A file of the run folder. */
export function inRunFolder(...path: string[]): string {
  return join(runFolder, ...path)
}

/** A file of an installed runtime's package. */
export function inModules(...path: string[]): string {
  return join(folder, 'node_modules', ...path)
}

function program(name: string): string {
  return join(import.meta.dirname, 'programs', `${name}.ts`)
}

/**
 * Compiles the programs into the run folder. What runs as a process finds the packages there, as installed; a worker and
 * a page get them as a bundle.
 */
export async function compilePrograms(): Promise<void> {
  const shared: BuildOptions = {
    outdir: inRunFolder('programs'),
    bundle: true,
    format: 'esm',
    target: 'es2022',
    loader: { '.png': 'binary' },
    // Not the one of this folder, whose paths lead to the source of the packages.
    tsconfigRaw: {},
  }
  // As bundlers for workers do it too. There are no modules of Node: a bundle that needs one fails here.
  const bundled: BuildOptions = {
    ...shared,
    platform: 'browser',
    nodePaths: [inRunFolder('node_modules')],
    minify: true,
  }
  await Promise.all([
    build({ ...shared, entryPoints: [program('mock'), program('process')], packages: 'external', platform: 'node' }),
    build({ ...bundled, entryPoints: [program('worker')], conditions: ['workerd', 'worker'] }),
    build({ ...bundled, entryPoints: [program('page')], conditions: ['browser'], splitting: true }),
  ])
}
