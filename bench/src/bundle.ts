import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'

import { build, type OutputFile } from 'esbuild'

import { model, question } from './adapter.ts'
import type { AdapterInfo } from './adapters.ts'
import { answerBody, frames, type Protocol } from './frames.ts'
import { runDir } from './install.ts'
import { callText } from './scenario.ts'

const execute = promisify(execFile)

/** The code that a browser loads for one chat call, minified and gzipped, KiB. */
export interface BundleSize {
  /** The code that one call loads, measured at its call. */
  loaded: number
  /** The same, had it no need of ky; of those that have. */
  withoutKy?: number | undefined
  /** The code that one streamed call loads, for clients that load anything for it alone. */
  streamed?: number | undefined
  /** Everything in one file. */
  whole: number
  /** The loaded code of each package, minified and not compressed, KiB. */
  parts: Record<string, number>
}

const ask = JSON.stringify({ model, messages: [{ role: 'user', content: question }] })

function ours(name: string, call = `chat(${ask})`) {
  return `
  import { createClient } from '@dualscope/core'
  import { ${name} } from '@dualscope/${name}'
  createClient({ transport: ${name}({ apiKey }) }).${call}.then(({ text }) => console.log(text))`
}

/** One chat call as the shortest application. */
const sources: Readonly<Record<string, string>> = {
  'by-hand-compatible': `
    import { createParser } from 'eventsource-parser'
    import ky from 'ky'
    import * as z from 'zod/mini'
    const answer = z.object({ choices: z.array(z.object({ message: z.object({ content: z.string() }) })) })
    createParser({ onEvent: console.log })
    ky.post('http://localhost/', { json: ${ask} }).json().then((body) => console.log(answer.parse(body).choices[0].message.content))`,
  'ours-compatible': ours('compatible'),
  'ours-native': ours('dashscope'),
  openai: `
    import OpenAI from 'openai'
    new OpenAI({ apiKey, dangerouslyAllowBrowser: true }).chat.completions.create(${ask})
      .then(({ choices }) => console.log(choices[0].message.content))`,
  'ai-alibaba': `
    import { createAlibaba } from '@ai-sdk/alibaba'
    import { generateText } from 'ai'
    generateText({ model: createAlibaba({ apiKey })('${model}'), prompt: '${question}' }).then(({ text }) => console.log(text))`,
  'ai-openai-compatible': `
    import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
    createOpenAICompatible({ name: 'x', apiKey, baseURL: 'http://localhost' })('${model}').doGenerate({
      prompt: [{ role: 'user', content: [{ type: 'text', text: '${question}' }] }],
    }).then(({ content }) => console.log(content[0].text))`,
  xsai: `
    import { generateText } from 'xsai'
    generateText({ apiKey, baseURL: 'http://localhost', ...${ask} }).then(({ text }) => console.log(text))`,
}

const streamed = `stream(${ask}).result()`
const streamedSources: Readonly<Record<string, string>> = {
  'ours-compatible': ours('compatible', streamed),
  'ours-native': ours('dashscope', streamed),
}

function answerOf(protocol: Protocol) {
  return answerBody(protocol, callText)
}
function streamOf(protocol: Protocol) {
  return frames(protocol, { reasoning: [], text: [callText] }).join('')
}

/** Bundles the call of an adapter for a browser and makes it; undefined where it has none of its own. */
export async function bundleSize({ id, protocol }: AdapterInfo): Promise<BundleSize | undefined> {
  const contents = sources[id]
  if (contents === undefined) return undefined
  const answer = answerOf(protocol)
  const { loaded, parts } = await sizeOfOneCall(contents, answer)
  const withoutKy = parts['ky'] === undefined ? undefined : (await sizeOfOneCall(contents, answer, ['ky'])).loaded
  const stream = streamedSources[id]
  return {
    loaded,
    withoutKy,
    streamed: stream === undefined ? undefined : (await sizeOfOneCall(stream, streamOf(protocol))).loaded,
    parts,
    whole: await wholeSize(contents),
  }
}

function bundle(contents: string, { splitting, without = [] }: { splitting: boolean; without?: readonly string[] }) {
  return build({
    stdin: { contents: `const apiKey = 'sk-bench'\n${contents}`, resolveDir: runDir },
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
}

async function wholeSize(contents: string): Promise<number> {
  const { outputFiles } = await bundle(contents, { splitting: false })
  return kibibytes(outputFiles)
}

async function sizeOfOneCall(
  contents: string,
  answer: string,
  without: readonly string[] = [],
): Promise<Pick<BundleSize, 'loaded' | 'parts'>> {
  const { outputFiles, metafile } = await bundle(contents, { splitting: true, without })
  const names = await namesLoaded(outputFiles, answer)
  const parts: Record<string, number> = {}
  for (const [path, { inputs }] of Object.entries(metafile.outputs)) {
    if (!names.has(basename(path))) continue
    for (const [input, { bytesInOutput }] of Object.entries(inputs)) {
      const name = /.*node_modules\/(@[^/]+\/[^/]+|[^/]+)/.exec(input)?.[1]
      if (name !== undefined) parts[name] = (parts[name] ?? 0) + bytesInOutput / 1024
    }
  }
  return { loaded: kibibytes(outputFiles.filter(({ path }) => names.has(basename(path)))), parts }
}

/** Makes the call, with an answer that is at hand, and tells which of its files that has loaded. */
async function namesLoaded(files: readonly OutputFile[], answer: string): Promise<ReadonlySet<string>> {
  mkdirSync(runDir, { recursive: true })
  const dir = mkdtempSync(join(runDir, 'bundle-'))
  try {
    for (const { path, contents } of files) writeFileSync(join(dir, basename(path)), contents)
    writeFileSync(join(dir, 'package.json'), '{ "type": "module" }')
    const recorder = join(import.meta.dirname, 'record-loads.ts')
    const { stdout } = await execute(process.execPath, ['--import', recorder, join(dir, 'stdin.js')], {
      env: { ...process.env, BENCH_ANSWER: answer },
    })
    const [text, loads = '[]'] = stdout.trimEnd().split('\n')
    if (text !== callText) throw new Error(`the bundled call printed ${text}`)
    return new Set((JSON.parse(loads) as string[]).map((url) => basename(url)))
  } finally {
    rmSync(dir, { recursive: true })
  }
}

// Each file is compressed by itself, as a server does.
function kibibytes(files: readonly OutputFile[]): number {
  return files.reduce((sum, { contents }) => sum + gzipSync(contents, { level: 9 }).length, 0) / 1024
}
