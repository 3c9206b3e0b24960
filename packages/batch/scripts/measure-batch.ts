// Measures batches over Redis: one producer and five workers against a mock that throttles. `node packages/batch/scripts/measure-batch.ts`
// prints the figures; with `--write` they go into docs/batch.md.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

import { createMock } from '@dualscope/testing'
import { Redis } from 'ioredis'

import { type RedisServer, startRedis } from '../test/redis-server.ts'

const cli = fileURLToPath(new URL('../../dualscope/src/cli.ts', import.meta.url))
const page = fileURLToPath(new URL('../../../docs/batch.md', import.meta.url))
/** What the workers keep to. */
const requestsPerMinute = 1200
const workerCount = 5

interface Run {
  lines: number
  /** ms for an answer. */
  latency?: number
  /** Requests at once, for each worker. */
  concurrency?: number
  /** Requests a minute that the service answers. */
  serviceLimit?: number
  disturb?: (bench: Bench) => Promise<void>
}

interface Bench {
  redis: RedisServer
  startWorker: () => ChildProcess
  workers: ChildProcess[]
}

interface Figures {
  lines: number
  answeredOnce: number
  requests: number
  throttled: number
  perMinute: number
  jobsLeft: number
}

/** Runs a batch while `disturb` does what it does. */
async function measure(run: Run): Promise<Figures> {
  const { lines, latency = 200, concurrency = 6, serviceLimit = requestsPerMinute, disturb } = run
  const redis = await startRedis()
  const mock = createMock({ latency, limits: { requestsPerMinute: serviceLimit } })
  const seen = { requests: 0, throttled: 0 }
  const server = createServer((incoming, outgoing) => {
    void (async () => {
      const body = await text(incoming)
      const headers = incoming.headers as Record<string, string>
      const response = await mock.fetch(`http://mock.invalid${incoming.url}`, { method: 'POST', headers, body })
      seen.requests += 1
      if (response.status === 429) seen.throttled += 1
      outgoing.writeHead(response.status, Object.fromEntries(response.headers))
      outgoing.end(await response.text())
    })()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const env = { ...process.env, DASHSCOPE_API_KEY: 'sk-measure', DASHSCOPE_BASE_URL: url, NO_COLOR: '1' }
  const workers: ChildProcess[] = []
  const start = (...words: string[]) =>
    spawn(process.execPath, [cli, 'batch', ...words], { env, stdio: ['ignore', 'ignore', 'inherit'] })
  const startWorker = () => {
    const limits = ['--rpm', String(requestsPerMinute), '--concurrency', String(concurrency)]
    const worker = start('worker', '--redis', redis.url, ...limits)
    workers.push(worker)
    return worker
  }
  for (let count = 0; count < workerCount; count += 1) startWorker()
  await sleep(3000)

  const folder = await mkdtemp(join(tmpdir(), 'dualscope-measure-'))
  const [input, out] = [join(folder, 'in.jsonl'), join(folder, 'out.jsonl')]
  const ids = Array.from({ length: lines }, (_, index) => `line-${index}`)
  await writeFile(input, ids.map((id) => `${JSON.stringify({ id, prompt: id })}\n`).join(''))
  const begin = performance.now()
  const producer = start(input, '--out', out, '--redis', redis.url)
  const ended = new Promise((resolve) => producer.once('exit', resolve))
  await disturb?.({ redis, startWorker, workers })
  await ended
  const minutes = (performance.now() - begin) / 60_000

  const rows = (await readFile(out, 'utf8'))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { id: string; result?: object })
  const answers = Map.groupBy(rows, ({ id }) => id)
  const client = new Redis(redis.url)
  const keys = await client.keys('dualscope:batch:*')
  client.disconnect()
  for (const worker of workers) worker.kill('SIGKILL')
  server.closeAllConnections()
  server.close()
  await redis.close()
  return {
    lines,
    answeredOnce: ids.filter((id) => answers.get(id)?.length === 1 && answers.get(id)?.[0]?.result).length,
    ...seen,
    perMinute: lines / minutes,
    jobsLeft: keys.filter((key) => !/:(meta|id|events|stalled-check|marker)$/.test(key)).length,
  }
}

async function killWorkersAndRedis({ redis, startWorker, workers }: Bench): Promise<void> {
  await sleep(8000)
  workers[0]?.kill('SIGKILL')
  workers[1]?.kill('SIGKILL')
  startWorker()
  await sleep(6000)
  await redis.kill()
  await sleep(10_000)
  await redis.start()
  startWorker()
}

function row(name: string, figures: Figures, limit = requestsPerMinute): string {
  const { lines, answeredOnce, requests, throttled, perMinute, jobsLeft } = figures
  const share = `${((100 * throttled) / requests).toFixed(1)} %`
  const rate = `${perMinute.toFixed(0)} (${((100 * perMinute) / limit).toFixed(0)} %)`
  return `| ${[name, lines, answeredOnce, requests, share, rate, jobsLeft].join(' | ')} |`
}

const table = [
  '| Run | Lines | Answered once | Requests | Throttled | Lines a minute, of the limit | Jobs left |',
  '| --- | --- | --- | --- | --- | --- | --- |',
  row('undisturbed', await measure({ lines: 2400 })),
  row('slow service, 3 s an answer', await measure({ lines: 2400, latency: 3000, concurrency: 16 })),
  row('2 workers and Redis killed', await measure({ lines: 3600, disturb: killWorkersAndRedis })),
  row('the service allows a quarter less', await measure({ lines: 1800, serviceLimit: 900 }), 900),
].join('\n')
const day = new Date().toISOString().slice(0, 10)
const versions = `Node ${process.versions.node}, ${redisVersion()}, BullMQ ${versionOf('bullmq')}, ioredis ${versionOf('ioredis')}`
const figures = `Run on ${day} with ${versions}.\n\n${table}`
process.stdout.write(`${figures}\n`)
if (process.argv.includes('--write')) {
  const document = await readFile(page, 'utf8')
  const [before = ''] = document.split('<!-- figures -->')
  const after = document.split('<!-- end of figures -->')[1] ?? ''
  await writeFile(page, `${before}<!-- figures -->\n\n${figures}\n\n<!-- end of figures -->${after}`)
}

function redisVersion(): string {
  const { stdout } = spawnSync('redis-server', ['--version'], { encoding: 'utf8' })
  return `Redis ${/v=(\S+)/.exec(stdout)?.[1] ?? 'of unknown version'}`
}

function versionOf(name: string): string {
  const file = fileURLToPath(new URL(`../node_modules/${name}/package.json`, import.meta.url))
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version
}
