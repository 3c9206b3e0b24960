import { readFileSync } from 'node:fs'
import { join } from 'node:path'

interface Manifest {
  name: string
  publishConfig: { exports: Record<string, { default: string }> }
}

function packageDir(name: string): string {
  return join(import.meta.dirname, 'packages', name)
}
function dist(name: string): string {
  return join(packageDir(name), 'dist/index.js')
}

/** In the workspace `@dualscope/core` is its source; measured is what gets published. */
function published(name: string): Record<string, string> {
  const manifest = JSON.parse(readFileSync(join(packageDir(name), 'package.json'), 'utf8')) as Manifest
  return Object.fromEntries(
    Object.entries(manifest.publishConfig.exports).map(([subpath, target]) => [
      manifest.name + subpath.slice(1),
      join(packageDir(name), target.default),
    ]),
  )
}

/** What is imported when it is first needed (schemas, for instance) is no part of a chat without it. */
const lazy = {
  name: 'lazy',
  setup: (build: PluginBuild) => {
    build.onResolve({ filter: /./ }, ({ kind, path }) =>
      kind === 'dynamic-import' ? { path, external: true } : undefined,
    )
  },
}

/** As much of esbuild's plugin interface as is used here. */
interface PluginBuild {
  onResolve: (
    options: { filter: RegExp },
    resolve: (args: { kind: string; path: string }) => { path: string; external: true } | undefined,
  ) => void
}

/** One chat call as an app ships it: the client, what it is made of and every dependency, bundled, minified and gzipped. */
function chatCall(name: string, modules: Record<string, string>, limit: string) {
  return {
    name: `${name}: one chat call`,
    import: modules,
    limit,
    gzip: true,
    modifyEsbuildConfig: (config: object) => ({
      ...config,
      alias: Object.assign({}, ...['core', 'compatible', 'dashscope'].map(published)) as Record<string, string>,
      plugins: [lazy],
    }),
  }
}

function withTransport(transport: 'compatible' | 'dashscope', limit: string) {
  return chatCall(transport, { [dist('core')]: '{ createClient }', [dist(transport)]: `{ ${transport} }` }, limit)
}

export default [
  withTransport('compatible', '18.25 KiB'),
  withTransport('dashscope', '19 KiB'),
  // Both protocols, and nothing of the command.
  chatCall('dualscope', { [dist('dualscope')]: '{ connect }' }, '20.5 KiB'),
]
