import { mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { createMock, type MockOptions } from '@dualscope/testing'
import { listen } from '@dualscope/testing/server'
import { Redis } from 'ioredis'
import { expect, test } from 'vitest'

import { hasRedis, startRedis } from '../../../../batch/test/redis-server.ts'
import { run, start } from '../../../test/spawn-command.ts'

async function setup(mockOptions: MockOptions = {}) {
  const redis = await startRedis()
  const mock = createMock(mockOptions)
  const server = await listen(mock)
  const folder = await mkdtemp(join(tmpdir(), 'dualscope-batch-'))
  const env = { DASHSCOPE_API_KEY: 'sk-secret', DASHSCOPE_BASE_URL: server.url }
  const workers: ReturnType<typeof start>[] = []
  return {
    redis,
    mock,
    env,
    async startWorker(...words: string[]) {
      const worker = start(['batch', 'worker', '--redis', redis.url, ...words], { env })
      workers.push(worker)
      await worker.shows('Waiting for requests')
      return worker
    },
    async write(name: string, count: number) {
      const input = join(folder, `${name}.jsonl`)
      const ids = Array.from({ length: count }, (_, index) => `${name}-${index}`)
      await writeFile(input, ids.map((id) => `${JSON.stringify({ id, prompt: `This is ${id}` })}\n`).join(''))
      const out = join(folder, `${name}.out.jsonl`)
      return {
        ids: ids.toSorted(),
        out,
        words: ['batch', input, '--out', out, '--redis', redis.url],
        async answers() {
          const lines = (await readFile(out, 'utf8')).trim().split('\n')
          return lines.map((line) => JSON.parse(line) as { id: string; result: { text: string } })
        },
      }
    },
    async [Symbol.asyncDispose]() {
      for (const { child } of workers) child.kill('SIGKILL')
      await Promise.all(workers.map(({ ended }) => ended))
      await server.close()
      await redis.close()
    },
  }
}

type Row = { id: string; result: { text: string } }

function expectEachOnce(rows: readonly Row[], ids: readonly string[]): void {
  expect(rows.map(({ id }) => id).toSorted()).toEqual(ids)
  for (const { id, result } of rows) expect(result.text).toBe(`You said: This is ${id}`)
}

test.runIf(hasRedis)(
  'workers do two batches at once, each line once, and leave neither jobs nor the key in Redis',
  async () => {
    await using bench = await setup()
    const { redis, env } = bench
    await bench.startWorker()
    await bench.startWorker()
    const [one, other] = [await bench.write('one', 40), await bench.write('other', 30)]
    const ended = await Promise.all([run(one.words, { env }), run(other.words, { env })])
    expect(ended.map(({ code, stderr }) => (code === 0 ? '' : stderr))).toEqual(['', ''])
    expectEachOnce(await one.answers(), one.ids)
    expectEachOnce(await other.answers(), other.ids)
    const client = new Redis(redis.url)
    const keys = await client.keys('*')
    client.disconnect()
    expect(keys.filter((key) => /^dualscope:batch:(?!meta$|id$|events$|stalled-check$|marker$)/.test(key))).toEqual([])
    const files = await readFile(join(redis.folder, 'appendonlydir/appendonly.aof.1.incr.aof'), 'utf8')
    expect(files).toContain('This is one-1')
    expect(files).not.toContain('sk-secret')
    expect(await redis.readEverything()).not.toContain('This is')
  },
  60_000,
)

test.runIf(hasRedis)(
  'jobs of a killed worker are done by another, and each line is answered once',
  async () => {
    await using bench = await setup({ latency: 300 })
    const { env } = bench
    const doomed = await bench.startWorker()
    const batch = await bench.write('one', 20)
    const ended = run(batch.words, { env })
    await expect.poll(() => bench.mock.requests.length, { timeout: 20_000 }).toBeGreaterThan(0)
    doomed.child.kill('SIGKILL')
    await bench.startWorker()
    expect(await ended).toMatchObject({ code: 0 })
    expectEachOnce(await batch.answers(), batch.ids)
  },
  90_000,
)

test.runIf(hasRedis)(
  'a batch goes on when Redis is killed and started again',
  async () => {
    await using bench = await setup({ latency: 200 })
    await bench.startWorker()
    const batch = await bench.write('one', 60)
    const ended = run(batch.words, bench)
    await expect.poll(() => bench.mock.requests.length, { timeout: 20_000 }).toBeGreaterThan(8)
    await bench.redis.kill()
    await new Promise((resolve) => setTimeout(resolve, 2000))
    await bench.redis.start()
    expect(await ended).toMatchObject({ code: 0 })
    expectEachOnce(await batch.answers(), batch.ids)
  },
  90_000,
)

test.runIf(hasRedis)(
  'Ctrl-C ends a worker with 130; a refused key ends it with 3',
  async () => {
    await using bench = await setup({ apiKey: 'sk-other' })
    const idle = await bench.startWorker()
    idle.child.kill('SIGINT')
    expect(await idle.ended).toMatchObject({ code: 130 })
    const refused = await bench.startWorker()
    const batch = await bench.write('one', 1)
    const producer = start(batch.words, bench)
    expect(await refused.ended).toMatchObject({ code: 3 })
    producer.child.kill('SIGKILL')
    await producer.ended
  },
  60_000,
)

test.runIf(hasRedis)(
  'Ctrl-C ends a batch and its worker also while Redis is away, and each loss is reported once',
  async () => {
    await using bench = await setup({ latency: 200 })
    const worker = await bench.startWorker()
    const batch = await bench.write('one', 200)
    const producer = start(batch.words, bench)
    await expect.poll(() => bench.mock.requests.length, { timeout: 20_000 }).toBeGreaterThan(8)
    await bench.redis.kill()
    await producer.shows('The connection to Redis was lost')
    await worker.shows('The connection to Redis was lost')
    await new Promise((resolve) => setTimeout(resolve, 1500))
    producer.child.kill('SIGINT')
    worker.child.kill('SIGINT')
    for (const { code, stderr } of await Promise.all([producer.ended, worker.ended])) {
      expect(code).toBe(130)
      expect(stderr.match(/was lost/g)).toHaveLength(1)
    }
  },
  60_000,
)

test.runIf(hasRedis)('a batch without workers says so, and refuses the options of workers', async () => {
  await using bench = await setup()
  const batch = await bench.write('one', 1)
  const producer = start(batch.words, bench)
  await producer.shows('No worker is connected')
  await bench.startWorker()
  expect(await producer.ended).toMatchObject({ code: 0 })
  for (const option of [['--rpm', '5'], ['--files', '.'], ['--mock']]) {
    expect(await run([...batch.words, ...option], bench)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(`${option[0]} has no effect with --redis`) as string,
    })
  }
})

test('a Redis that does not answer ends batch and its worker with 2', async () => {
  const env = { DASHSCOPE_API_KEY: 'sk-test' }
  const words = ['--redis', 'redis://127.0.0.1:1']
  expect(await run(['batch', 'worker', ...words], { env })).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('redis: cannot be reached') as string,
  })
  for (const url of ['x', 'redis://:s3cr3t@[x']) {
    const { code, stderr } = await run(['batch', 'worker', '--redis', url], { env })
    expect(code).toBe(2)
    expect(stderr).toContain('must be a URL')
    expect(stderr).not.toContain('s3cr3t')
  }
  expect(await run(['batch', 'worker'], { env })).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('--redis') as string,
  })
}, 60_000)
