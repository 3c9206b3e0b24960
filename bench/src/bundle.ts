import { basename } from 'node:path'
import { gzipSync } from 'node:zlib'

import { build } from 'esbuild'

import { model, question } from './adapter.ts'
import { runDir } from './install.ts'

/** What a browser loads for one chat call, minified and gzipped, KiB. */
export interface BundleSize {
  /** What the page's own script and its static imports weigh; the rest is fetched if it is ever needed. */
  initial: number
  /** The same, had it no need of ky; of those that have. */
  withoutKy?: number | undefined
  /** Everything in one file. */
  whole: number
  /** What is loaded at first by package, minified and not compressed, KiB. */
  parts: Record<string, number>
}

const ask = JSON.stringify({ model, messages: [{ role: 'user', content: question }] })

const ours = (name: string) => `
  import { createClient } from '@dualscope/core'
  import { ${name} } from '@dualscope/${name}'
  createClient({ transport: ${name}({ apiKey }) }).chat(${ask}).then(({ text }) => console.log(text))`

/** One chat call as the shortest application. */
const sources: Readonly<Record<string, string>> = {
  'by-hand-compatible': `
    import { createParser } from 'eventsource-parser'
    import ky from 'ky'
    import * as z from 'zod/mini'
    const answer = z.object({ choices: z.array(z.object({ message: z.object({ content: z.string() }) })) })
    createParser({ onEvent: console.log })
    ky.post('/', { json: ${ask} }).json().then((body) => console.log(answer.parse(body)))`,
  'ours-compatible': ours('compatible'),
  'ours-native': ours('dashscope'),
  openai: `
    import OpenAI from 'openai'
    new OpenAI({ apiKey, dangerouslyAllowBrowser: true }).chat.completions.create(${ask}).then(console.log)`,
  'ai-alibaba': `
    import { createAlibaba } from '@ai-sdk/alibaba'
    import { generateText } from 'ai'
    generateText({ model: createAlibaba({ apiKey })('${model}'), prompt: '${question}' }).then(console.log)`,
  'ai-openai-compatible': `
    import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
    createOpenAICompatible({ name: 'x', apiKey, baseURL: '/' })('${model}').doGenerate({
      prompt: [{ role: 'user', content: [{ type: 'text', text: '${question}' }] }],
    }).then(console.log)`,
  xsai: `
    import { generateText } from 'xsai'
    generateText({ apiKey, baseURL: '/', ...${ask} }).then(({ text }) => console.log(text))`,
}

/** Bundles the call of an adapter for a browser; undefined where it has none of its own. */
export async function bundleSize(adapterId: string): Promise<BundleSize | undefined> {
  const contents = sources[adapterId]
  if (contents === undefined) return undefined
  const first = await initialSize(contents)
  const withoutKy = first.parts['ky'] === undefined ? undefined : (await initialSize(contents, ['ky'])).initial
  return { ...first, withoutKy, whole: await wholeSize(contents) }
}

const bundle = (contents: string, { splitting, without = [] }: { splitting: boolean; without?: readonly string[] }) =>
  build({
    stdin: { contents: `const apiKey = globalThis.key\n${contents}`, resolveDir: runDir },
    bundle: true,
    minify: true,
    splitting,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    outdir: 'out',
    write: false,
    metafile: true,
    logLevel: 'error',
    // Not the one of this folder, whose paths lead to our source.
    tsconfigRaw: {},
    // Optional packages that xsai would import if they were there.
    external: [...without, 'effect', 'sury', '@valibot/to-json-schema'],
  })

async function wholeSize(contents: string): Promise<number> {
  const { outputFiles } = await bundle(contents, { splitting: false })
  return kibibytes(outputFiles.map((file) => file.contents))
}

async function initialSize(
  contents: string,
  without: readonly string[] = [],
): Promise<Pick<BundleSize, 'initial' | 'parts'>> {
  const { outputFiles, metafile } = await bundle(contents, { splitting: true, without })
  const byName = new Map(outputFiles.map((file) => [basename(file.path), file.contents]))
  const initial = new Set<string>()
  const add = (path: string) => {
    if (initial.has(path)) return
    initial.add(path)
    for (const { path: next, kind, external } of metafile.outputs[path]?.imports ?? []) {
      if (kind === 'import-statement' && !external) add(next)
    }
  }
  for (const [path, { entryPoint }] of Object.entries(metafile.outputs)) if (entryPoint === '<stdin>') add(path)
  const parts: Record<string, number> = {}
  for (const [input, { bytesInOutput }] of [...initial].flatMap((path) =>
    Object.entries(metafile.outputs[path]?.inputs ?? {}),
  )) {
    const name = /.*node_modules\/(@[^/]+\/[^/]+|[^/]+)/.exec(input)?.[1]
    if (name !== undefined) parts[name] = (parts[name] ?? 0) + bytesInOutput / 1024
  }
  return { initial: kibibytes([...initial].map((path) => byName.get(basename(path)) ?? new Uint8Array())), parts }
}

// Each file is compressed by itself, as a server does.
function kibibytes(files: readonly Uint8Array[]): number {
  return files.reduce((sum, file) => sum + gzipSync(file, { level: 9 }).length, 0) / 1024
}
