// For tests: a Redis of their own, on a free port, without files of anybody else.
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { Redis } from 'ioredis'

/** Whether the tests that need Redis can run. */
export const hasRedis = spawnSync('redis-server', ['--version']).status === 0

/** A Redis that can be killed and started again with its data. */
export interface RedisServer {
  url: string
  /** Where its data are. */
  folder: string
  start(): Promise<void>
  kill(): Promise<void>
  /** Stops it without closing its connections, as a machine that hangs. */
  hang(): void
  /** Lets it go on. */
  wake(): void
  /** Returns all keys and values as text. */
  readEverything(): Promise<string>
  close(): Promise<void>
}

/** Starts a Redis that writes each change to disk. */
export async function startRedis(): Promise<RedisServer> {
  const port = await freePort()
  const folder = await mkdtemp(join(tmpdir(), 'dualscope-redis-'))
  let child: ChildProcess | undefined

  async function start(): Promise<void> {
    const words = [
      '--port',
      String(port),
      '--dir',
      folder,
      '--save',
      '',
      // So that `readEverything` can be searched.
      '--rdbcompression',
      'no',
      '--appendonly',
      'yes',
      '--appendfsync',
      'always',
    ]
    const server = spawn('redis-server', words, { stdio: ['ignore', 'pipe', 'inherit'] })
    child = server
    await new Promise<void>((resolve, reject) => {
      server.once('exit', (code) => reject(new Error(`redis-server exited with ${code}`)))
      server.stdout.setEncoding('utf8').on('data', (text: string) => {
        if (text.includes('Ready to accept connections')) resolve()
      })
    })
  }

  async function kill(): Promise<void> {
    const server = child
    child = undefined
    if (!server) return
    await new Promise<void>((resolve) => {
      server.once('exit', () => resolve())
      server.kill('SIGKILL')
    })
  }

  await start()
  return {
    folder,
    url: `redis://127.0.0.1:${port}`,
    start,
    kill,
    hang: () => void child?.kill('SIGSTOP'),
    wake: () => void child?.kill('SIGCONT'),
    readEverything: async () => {
      const client = new Redis(`redis://127.0.0.1:${port}`)
      const values = (await client.keys('*')).map(async (key) => [key, await client.dump(key)])
      const text = JSON.stringify(await Promise.all(values))
      client.disconnect()
      return text
    },
    async close() {
      await kill()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}
