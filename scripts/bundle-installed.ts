// Bundles a program of an application with the bundlers that its users have.
import { join } from 'node:path'
import { promisify } from 'node:util'

import { build as buildWithEsbuild } from 'esbuild'
import { build as buildWithVite } from 'vite'
import webpack from 'webpack'

/** Bundles a compiled program for Node. Returns the files that run it. */
export async function bundleInstalled(folder: string, entry: string): Promise<string[]> {
  const absolute = join(folder, entry)
  for (const format of ['esm', 'cjs'] as const) {
    const outfile = join(folder, `bundled/esbuild.${format === 'esm' ? 'mjs' : 'cjs'}`)
    await buildWithEsbuild({
      entryPoints: [absolute],
      bundle: true,
      platform: 'node',
      format,
      outfile,
      logLevel: 'error',
    })
  }
  await buildWithVite({
    root: folder,
    logLevel: 'error',
    ssr: { noExternal: true },
    build: {
      ssr: absolute,
      outDir: join(folder, 'bundled/vite'),
      rolldownOptions: { output: { entryFileNames: 'main.mjs' } },
    },
  })
  await runWebpack(absolute, join(folder, 'bundled/webpack'))
  return ['bundled/esbuild.mjs', 'bundled/esbuild.cjs', 'bundled/vite/main.mjs', 'bundled/webpack/main.cjs']
}

async function runWebpack(entry: string, path: string): Promise<void> {
  const compiler = webpack({
    entry,
    mode: 'production',
    target: 'node',
    output: { path, filename: 'main.cjs', chunkFilename: '[id].cjs' },
  })
  const stats = await promisify(compiler.run.bind(compiler))()
  await promisify(compiler.close.bind(compiler))()
  if (stats?.hasErrors() ?? true) throw new Error(`webpack: ${stats?.toString('errors-only') ?? 'no result'}`)
}
