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

/** Maps the names of a package to what is published; in the workspace they are its source. */
function published(name: string): Record<string, string> {
  const manifest = JSON.parse(readFileSync(join(packageDir(name), 'package.json'), 'utf8')) as Manifest
  return Object.fromEntries(
    Object.entries(manifest.publishConfig.exports).map(([subpath, target]) => [
      manifest.name + subpath.slice(1),
      join(packageDir(name), target.default),
    ]),
  )
}

/** Everything that one chat call may need, in one file: bundled, minified and gzipped. */
function chatCall(name: string, modules: Record<string, string>, limit: string) {
  return {
    name: `${name}: one chat call`,
    import: modules,
    limit,
    gzip: true,
    modifyEsbuildConfig: (config: object) => ({
      ...config,
      alias: Object.assign({}, ...['core', 'compatible', 'dashscope'].map(published)) as Record<string, string>,
    }),
  }
}

function withTransport(transport: 'compatible' | 'dashscope', limit: string) {
  return chatCall(transport, { [dist('core')]: '{ createClient }', [dist(transport)]: `{ ${transport} }` }, limit)
}

export default [
  withTransport('compatible', '84 KiB'),
  withTransport('dashscope', '84 KiB'),
  // Both protocols, and nothing of the command.
  chatCall('dualscope', { [dist('dualscope')]: '{ connect }' }, '86 KiB'),
  chatCall('ai-sdk', { [dist('ai-sdk')]: '{ createDualscope }' }, '92 KiB'),
]
