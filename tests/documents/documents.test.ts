import { execFile, fork } from 'node:child_process'
import { cpSync, existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { promisify } from 'node:util'

import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { anchorsOf, generated, readDocuments, relativeLinks, resolveLink, root, type Document } from './document.ts'
import { programOf } from './program.ts'

// Within the workspace, so that imports resolve as for any package that has ours installed.
const programs = join(import.meta.dirname, '.run')
const documents = readDocuments()
const withCode = documents.filter(({ blocks }) => blocks.length > 0)

function fileOf({ path }: Document) {
  return join(programs, `${path.replaceAll(/[^\w.-]/g, '__')}.ts`)
}

beforeAll(() => {
  rmSync(programs, { recursive: true, force: true })
  mkdirSync(programs)
  for (const document of withCode) writeFileSync(fileOf(document), programOf(document))
  const tsconfig = {
    extends: '../../../tsconfig.base.json',
    compilerOptions: {
      types: ['node'],
      // A snippet may name what only its reader uses, and writes `process.env.NAME`.
      noUnusedLocals: false,
      noPropertyAccessFromIndexSignature: false,
    },
    include: ['*.ts'],
  }
  writeFileSync(join(programs, 'tsconfig.json'), JSON.stringify(tsconfig))
})

test('the blocks that are type-checked but not run are these', () => {
  const notRun = documents.flatMap(({ path, blocks }) =>
    blocks.filter(({ runs }) => !runs).map(({ code }) => `${path}: ${code[0]}`),
  )
  expect(notRun).toMatchInlineSnapshot(`
    [
      "docs/browsers-and-keys.md: const response = await fetch('/ask', { method: 'POST', body: 'Who are you?' })",
      "docs/browsers-and-keys.md: import { connect } from 'dualscope'",
      "docs/recordings.md: import { createMock } from '@dualscope/testing'",
      "docs/writing-a-transport.md: import { test } from 'node:test'",
      "packages/batch/README.md: import { runBatchFile } from '@dualscope/batch'",
      "packages/batch/README.md: import { Redis } from 'ioredis'",
    ]
  `)
})

test('every block is correct TypeScript', async () => {
  const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc')
  const checked = promisify(execFile)(process.execPath, [tsc, '--noEmit', '--project', programs], { cwd: programs })
  const problems = await checked.then(
    () => '',
    (error: unknown) => (error as { stdout: string }).stdout,
  )
  expect(problems).toBe('')
}, 120_000)

// The files that documents speak of.
const files = { 'house.png': 'eagle.png', 'test-pattern.mp4': 'match.mp4' } as const
let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'dualscope-documents-'))
  const media = join(root, 'examples/media')
  for (const [from, to] of Object.entries(files)) cpSync(join(media, from), join(folder, to))
  for (const name of globSync('ball-*.jpg', { cwd: media })) cpSync(join(media, name), join(folder, name))
})
afterAll(() => rmSync(folder, { recursive: true }))

/** Runs a document on the mock, over a protocol; the lines of the blocks that came to their end. */
async function run(
  document: Document,
  protocol: string,
): Promise<{ reached: number[]; errors: string; code: number | null }> {
  const { DASHSCOPE_BASE_URL: _, ...environment } = process.env
  const child = fork(fileOf(document), {
    execArgv: ['--import', join(import.meta.dirname, 'setup.ts')],
    cwd: folder,
    env: { ...environment, DASHSCOPE_API_KEY: 'sk-documents', DUALSCOPE_PROTOCOL: protocol, NO_COLOR: '1', PORT: '0' },
    silent: true,
    timeout: 60_000,
  })
  const reached: number[] = []
  child.on('message', (line) => reached.push(Number(line)))
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  const [errors, , code] = await Promise.all([text(child.stderr!), text(child.stdout!), ended])
  return { reached, errors, code }
}

describe.concurrent.each(['compatible', 'dashscope'])('on the mock, over %s', (protocol) => {
  for (const document of withCode.filter(({ blocks }) => blocks.some(({ runs }) => runs))) {
    const lines = document.blocks.filter(({ runs }) => runs).map(({ line }) => line)
    test(`${document.path} runs, from its first block to its last (lines ${lines.join(', ')})`, async () => {
      const { reached, errors, code } = await run(document, protocol)
      expect({ reached, errors: code === 0 ? '' : errors }).toEqual({ reached: lines, errors: '' })
    }, 90_000)
  }
})

/** The levels of a page's headings, and its code without what is written in words: texts and comments. */
function outlineOf(name: string) {
  const page = readFileSync(join(root, name), 'utf8')
  const blocks = [...page.matchAll(/^```(?:ts|js|sh)\n([^]*?)^```/gm)].map(([block]) => block)
  const code = blocks.map((block) =>
    block.replaceAll(/ *(?:\/\/|#) .*/g, '').replaceAll(/'[^'\n]*'|"[^"\n]*"|`[^`\n]*`/g, "''"),
  )
  return { headings: page.match(/^#+ /gm), code }
}

test('the Chinese README has the sections and the code of the English one', () => {
  expect(outlineOf('README.zh-CN.md')).toEqual(outlineOf('README.md'))
})

test('the samples of test runners are those that the installed packages run', () => {
  const runners = join(root, 'tests/installed/runners')
  const page = readFileSync(join(root, 'docs/testing-your-app.md'), 'utf8')
  const files = globSync('*.{js,cjs}', { cwd: runners })
  const blocks = files.map((name) => `\`\`\`js\n${readFileSync(join(runners, name), 'utf8')}\`\`\``)
  expect(blocks.filter((block) => !page.includes(block))).toEqual([])
  expect(blocks).toHaveLength(5)
})

test('every link between documents and files leads somewhere', () => {
  const broken = documents.flatMap((document) =>
    relativeLinks(document).flatMap((target) => {
      const { file, anchor } = resolveLink(document, target)
      if (!existsSync(file)) return [`${document.path}: ${target}`]
      if (generated.test(document.path) || anchor === undefined || anchorsOf(readFileSync(file, 'utf8')).has(anchor))
        return []
      return [`${document.path}: ${target} has no such heading`]
    }),
  )
  expect(broken).toEqual([])
})
