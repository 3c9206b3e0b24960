// Builds the page of the playground into dist/page: its script as one file, and the rest as it is.
import { copyFile, mkdir } from 'node:fs/promises'
import { join } from 'node:path'

import { build } from 'esbuild'

const root = join(import.meta.dirname, '..')

/** Builds the page, and returns the modules of its script. */
export async function buildPage(): Promise<string[]> {
  const source = join(root, 'src/playground/page')
  const target = join(root, 'dist/page')
  await mkdir(target, { recursive: true })
  const { metafile } = await build({
    entryPoints: [join(source, 'page.ts')],
    outfile: join(target, 'page.js'),
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2023',
    metafile: true,
    logLevel: 'warning',
  })
  for (const file of ['index.html', 'style.css']) await copyFile(join(source, file), join(target, file))
  return Object.keys(metafile.inputs)
}

if (import.meta.main) await buildPage()
