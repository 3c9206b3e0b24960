import { spawn, spawnSync } from 'node:child_process'
import { mkdtempDisposable, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'

import { createMock } from '@dualscope/testing'
import { listen } from '@dualscope/testing/server'
import { expect, test } from 'vitest'

import { connect } from '../../connect.ts'
import type { Protocol } from '../line.ts'
import { readQuestion, type QuestionFields } from '../question.ts'
import { codeSamples } from './code.ts'

const library = new URL('../../index.ts', import.meta.url).href
/** A bare machine may have no curl. */
const hasCurl = spawnSync('curl', ['--version']).status === 0
const prompt = `It's "quoted" \\ and\nbroken $HOME \`x\``

async function run(command: string, words: readonly string[], env: Record<string, string>) {
  const child = spawn(command, words, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)])
  return { stdout, stderr }
}

test.each(['compatible', 'dashscope'] as const)(
  'the code of a question over %s sends it again',
  async (protocol: Protocol) => {
    const mock = createMock()
    await using folder = await mkdtempDisposable(join(tmpdir(), 'code-'))
    const server = await listen(mock)
    const env = { DASHSCOPE_API_KEY: 'sk-any', DASHSCOPE_BASE_URL: server.url }
    try {
      const question: QuestionFields = {
        protocols: [protocol],
        model: 'kimi-k2.5',
        system: 'Be brief.',
        thinking: { budget: 300 },
        temperature: 0.5,
        turns: [{ prompt: 'One.', answers: { [protocol]: { content: 'First.' } } }, { prompt }],
      }
      const form = new FormData()
      form.set('question', JSON.stringify(question))
      const requests: Parameters<typeof codeSamples>[0]['request'][] = []
      const client = connect({
        protocol,
        apiKey: 'sk-any',
        baseUrl: server.url,
        onRequest: (request) => requests.push(request),
      })
      await client.stream(readQuestion(form).requestFor(protocol)).result()
      const samples = codeSamples({ protocol, question, files: [[], []], request: requests[0]! })
      expect(samples.map(({ title }) => title)).toEqual(
        protocol === 'compatible'
          ? ['TypeScript with Dualscope', 'openai', 'curl']
          : ['TypeScript with Dualscope', 'curl'],
      )
      const file = `${folder.path}/sample.ts`
      await writeFile(file, samples[0]!.code.replace("'dualscope'", `'${library}'`))
      const ran = await run(process.execPath, [file], env)
      expect(ran).toEqual({ stdout: `You said: ${prompt}\n`, stderr: '' })
      const streamed = hasCurl ? (await run('bash', ['-c', samples.at(-1)!.code], env)).stdout : 'data:'
      expect(streamed).toContain('data:')
      expect(mock.requests).toHaveLength(hasCurl ? 3 : 2)
      const bodies = mock.requests.map(({ body }) => JSON.stringify(withoutStreaming(body as Record<string, unknown>)))
      expect(new Set(bodies).size).toBe(1)
      expect(mock.requests.flatMap(({ issues }) => issues)).toEqual([])
    } finally {
      await server.close()
    }
  },
)

/** The sample with Dualscope does not stream. */
function withoutStreaming(body: Record<string, unknown>) {
  const streaming = new Set(['stream', 'stream_options', 'incremental_output'])
  return JSON.parse(JSON.stringify(body, (key, value: unknown) => (streaming.has(key) ? undefined : value))) as unknown
}

test('a picture without a prompt is sent without a text', () => {
  const question: QuestionFields = { protocols: ['dashscope'], model: 'm', turns: [{ prompt: '' }] }
  const files = [[{ name: 'a.png', type: 'image/png' }]]
  const request = { protocol: 'dashscope', method: 'POST', url: 'https://x/', headers: {}, body: {}, attempt: 1 }
  const [sample] = codeSamples({ protocol: 'dashscope', question, files, request })
  expect(sample?.code).toContain("content: [{ type: 'image', image: await fromFile('a.png') }]")
})

test('files of a question become fromFile(), and their bytes do not enter the code', () => {
  const question: QuestionFields = { protocols: ['compatible'], model: 'm', turns: [{ prompt: 'Look.' }] }
  const request = {
    protocol: 'compatible',
    method: 'POST',
    url: 'https://x/chat/completions',
    headers: {},
    body: {},
    attempt: 1,
  }
  const files = [[{ name: "it's.png", type: 'image/png' }]]
  const [sample] = codeSamples({ protocol: 'compatible', question, files, request })
  expect(sample?.code).toContain(String.raw`{ type: 'image', image: await fromFile('it\'s.png') }`)
  expect(sample?.code).toContain("import { fromFile } from 'dualscope/node'")
})
