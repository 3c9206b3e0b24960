import { dirname, relative, resolve } from 'node:path'

import type { Options } from 'tsup'

type Plugin = NonNullable<Options['esbuildPlugins']>[number]
type PluginBuild = Parameters<Plugin['setup']>[0]

const main = 'main'

/**
 * Puts all that the entries import statically into one file, which they and the parts that are loaded later import. Left to
 * itself, esbuild makes a file for each set of modules that some parts share, here and again in an application's own build:
 * a browser loaded a dozen small files before its first chat, each compressed by itself (docs/decisions/011). Modules `apart`
 * have files of their own, which an application has only if it imports what they export.
 */
export const oneFile = (entries: readonly string[], apart: Readonly<Record<string, readonly string[]>>): Plugin => ({
  name: 'one-file',
  async setup(build) {
    const others = [...entries, ...Object.values(apart).flat()]
    const modules = (await staticImports(build, entries)).filter((path) => !others.includes(path))
    const files: Readonly<Record<string, readonly string[]>> = { [main]: modules, ...apart }
    const exported = await exportsOf(build, Object.values(files).flat())
    const fileOf = new Map(
      Object.entries(files).flatMap(([name, paths]) => paths.map((path) => [resolve(path), name] as const)),
    )

    const names = Object.keys(files)
    build.initialOptions.entryPoints = [...entries, ...names.map((name) => ({ in: name, out: name }))]
    build.onResolve({ filter: new RegExp(`^(${names.join('|')})$`) }, ({ path }) => ({ path, namespace: main }))
    build.onLoad({ filter: /./, namespace: main }, ({ path: name }) => ({
      contents: (files[name] ?? [])
        .map((path) => `export { ${exported.get(path)?.join(', ')} } from './${path}'`)
        .join('\n'),
      resolveDir: process.cwd(),
    }))
    // Parts lie beside the files; an entry lies where its source does.
    build.onResolve({ filter: /^\./ }, ({ path, kind, importer, namespace, resolveDir }) => {
      if (kind !== 'import-statement' || namespace === main) return undefined
      const file = fileOf.get(resolve(resolveDir, path))
      if (file === undefined || file === fileOf.get(importer)) return undefined
      const entry = entries.find((each) => resolve(each) === importer)
      const up = entry === undefined ? '' : relative(dirname(entry), 'src')
      return { path: up === '' ? `./${file}.js` : `${up}/${file}.js`, external: true }
    })
  },
})

/** The modules of this package that entries import, directly or not, and not only later. */
async function staticImports({ esbuild }: PluginBuild, entries: readonly string[]): Promise<string[]> {
  const { metafile } = await esbuild.build({
    entryPoints: [...entries],
    bundle: true,
    format: 'esm',
    packages: 'external',
    outdir: 'dist',
    write: false,
    metafile: true,
    plugins: [
      {
        name: 'later',
        setup(later) {
          later.onResolve({ filter: /./ }, ({ path, kind }) =>
            kind === 'dynamic-import' ? { path, external: true } : undefined,
          )
        },
      },
    ],
  })
  return Object.keys(metafile.inputs)
}

/** What each module exports but types. In one file a name can stand for one thing only. */
async function exportsOf({ esbuild }: PluginBuild, modules: readonly string[]): Promise<Map<string, string[]>> {
  const { metafile } = await esbuild.build({
    entryPoints: [...modules],
    format: 'esm',
    outdir: 'dist',
    outbase: '.',
    write: false,
    metafile: true,
  })
  const exported = new Map<string, string[]>()
  const owners = new Map<string, string>()
  for (const { entryPoint = '', exports } of Object.values(metafile.outputs)) {
    exported.set(entryPoint, exports)
    for (const each of exports) {
      const other = owners.get(each)
      if (other !== undefined) throw new Error(`${entryPoint} and ${other} both export ${each}: rename one`)
      owners.set(each, entryPoint)
    }
  }
  return exported
}
