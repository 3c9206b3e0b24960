import { readFileSync } from 'node:fs'
import { join } from 'node:path'

interface Manifest {
  name: string
  publishConfig: { exports: Record<string, { default: string }> }
}

const packageDir = (name: string): string => join(import.meta.dirname, 'packages', name)
const dist = (name: string): string => join(packageDir(name), 'dist/index.js')

/** In the workspace `@dualscope/core` is its source; measured is what gets published. */
const published = (name: string): Record<string, string> => {
  const manifest = JSON.parse(readFileSync(join(packageDir(name), 'package.json'), 'utf8')) as Manifest
  return Object.fromEntries(
    Object.entries(manifest.publishConfig.exports).map(([subpath, target]) => [
      manifest.name + subpath.slice(1),
      join(packageDir(name), target.default),
    ]),
  )
}

/** One chat call as an app ships it: the client, a transport and every dependency, bundled, minified and gzipped. */
const chatCall = (transport: 'compatible' | 'dashscope') => ({
  name: `${transport}: one chat call`,
  import: { [dist('core')]: '{ createClient }', [dist(transport)]: `{ ${transport} }` },
  limit: '41 KiB',
  gzip: true,
  // Chunks of their own, loaded with the first message that holds an image or a video, and with the first schema.
  modifyEsbuildConfig: (config: object) => ({
    ...config,
    alias: published('core'),
    external: ['./media-urls-*', './convert-schema-*'],
  }),
})

export default [chatCall('compatible'), chatCall('dashscope')]
