import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { promisify } from 'node:util'

const execute = promisify(execFile)

/** Returns the output of a command. It has a minute, and only PATH in its environment. */
export async function output(command: string, args: readonly string[], cwd: string): Promise<string> {
  const env = { PATH: process.env['PATH'], HOME: process.env['HOME'], NO_COLOR: '1' }
  const { stdout } = await execute(command, args, { cwd, env, timeout: 60_000 })
  return stdout.trim()
}

/** A process that goes on, and the first line that it wrote to one of its outputs. */
export interface Service {
  firstLine: string
  stop: () => Promise<void>
}

export interface ServiceOptions {
  /** The file descriptor of the first line. @default standard output */
  says?: 1 | 3
  /** @default this process's */
  env?: NodeJS.ProcessEnv
}

/** Starts a process and waits for its first line. */
export async function start(
  command: string,
  args: readonly string[],
  { says = 1, env = process.env }: ServiceOptions = {},
): Promise<Service> {
  const child: ChildProcess = spawn(command, args, {
    env,
    stdio: ['ignore', says === 1 ? 'pipe' : 'inherit', 'inherit', 'pipe'],
  })
  const ended = new Promise<void>((resolve) => {
    child.once('close', () => resolve())
  })
  const lines = createInterface({ input: child.stdio[says] as Readable })
  const firstLine = await new Promise<string>((resolve, reject) => {
    lines.once('line', resolve)
    child.once('error', reject)
    child.once('exit', (code) => reject(new Error(`${command} ended with ${code} before it said anything`)))
  })
  return {
    firstLine,
    async stop() {
      child.kill()
      await ended
    },
  }
}
