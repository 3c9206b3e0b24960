// How much memory an upload takes above the start, by the size of the file; each measured in a process of its own, with the
// server in another; the median of five. `node bench/upload-memory.ts` prints a table and fails above the limits: 100 MB may
// cost 1.2 times what 40 MB cost, and 150 MB at the most.
import { execFileSync, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { createClient } from '../packages/core/src/index.ts'
import { fromFile } from '../packages/core/src/node.ts'
import { dashscope } from '../packages/dashscope/src/index.ts'

interface Measured {
  megabytes: number
  peak: number
  seconds: number
}

async function measure(baseUrl: string, path: string): Promise<Omit<Measured, 'megabytes'>> {
  const client = createClient({
    transport: dashscope({ baseUrl, apiKey: 'bench', media: 'upload' }),
    model: 'kimi-k2.5',
  })
  // Loads what a call needs, so that only the upload is measured.
  await client.chat({
    messages: [{ role: 'user', content: [{ type: 'video', video: new Blob(['warm'], { type: 'video/mp4' }) }] }],
  })
  const start = process.memoryUsage.rss()
  let peak = start
  const watch = setInterval(() => (peak = Math.max(peak, process.memoryUsage.rss())), 2)
  const begun = performance.now()
  const video = await fromFile(path)
  await client.chat({ messages: [{ role: 'user', content: [{ type: 'video', video }] }] })
  clearInterval(watch)
  return { peak: (peak - start) / 1e6, seconds: (performance.now() - begun) / 1000 }
}

async function compare(): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'dualscope-bench-'))
  const server = fork(join(import.meta.dirname, 'upload-server.ts'))
  try {
    const [baseUrl] = (await once(server, 'message')) as [string]
    const results = [40, 70, 100].map((megabytes): Measured => {
      const path = join(directory, `${megabytes}.mp4`)
      writeFileSync(path, '')
      truncateSync(path, megabytes * 1e6)
      const runs = Array.from({ length: 5 }, () => {
        const output = execFileSync(process.execPath, [import.meta.filename, baseUrl, path], { encoding: 'utf8' })
        return JSON.parse(output) as Omit<Measured, 'megabytes'>
      })
      const median = runs.toSorted((a, b) => a.peak - b.peak)[2] ?? { peak: NaN, seconds: NaN }
      return { megabytes, ...median }
    })
    console.table(
      results.map(({ megabytes, peak, seconds }) => ({
        'file, MB': megabytes,
        'memory above the start, MB': Math.round(peak),
        seconds: Math.round(seconds * 100) / 100,
      })),
    )
    const peakOf = (size: number) => results.find(({ megabytes }) => megabytes === size)?.peak ?? NaN
    const ratio = peakOf(100) / peakOf(40)
    console.log(`100 MB cost ${ratio.toFixed(2)} times what 40 MB cost`)
    if (!(ratio <= 1.2 && peakOf(100) <= 150)) process.exitCode = 1
  } finally {
    server.kill()
    rmSync(directory, { recursive: true })
  }
}

const [baseUrl, path] = process.argv.slice(2)
if (baseUrl !== undefined && path !== undefined) console.log(JSON.stringify(await measure(baseUrl, path)))
else await compare()
