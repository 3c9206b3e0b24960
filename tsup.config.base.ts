import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import type { Options } from 'tsup'

/** What every package's build shares; `entry` are the modules that its `exports` name. */
export function library(entry: string[]): Options {
  return {
    entry,
    format: 'esm',
    platform: 'neutral',
    target: 'es2022',
    dts: true,
    sourcemap: true,
    clean: true,
    treeshake: true,
    onSuccess: dropEmptyMaps,
  }
}

/** A module that only passes names on gets a map of nothing: it goes, and so does the comment that points at it. */
async function dropEmptyMaps(): Promise<void> {
  const files = await readdir('dist', { recursive: true })
  for (const map of files.filter((file) => file.endsWith('.js.map')).map((file) => join('dist', file))) {
    const { sources } = JSON.parse(await readFile(map, 'utf8')) as { sources: string[] }
    if (sources.length > 0) continue
    const module = map.slice(0, -'.map'.length)
    await writeFile(module, (await readFile(module, 'utf8')).replace(/(\n\/\/# sourceMappingURL=.*)+\s*$/, '\n'))
    await rm(map)
  }
}
