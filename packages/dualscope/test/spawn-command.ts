// For tests: the command as a process of its own, as a user starts it.
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const command = fileURLToPath(new URL('../src/cli.ts', import.meta.url))

/** How the command is started. */
export interface SpawnOptions {
  /** Added to an environment without a key. */
  env?: Record<string, string>
  /** What is piped in; nothing by default. */
  input?: string
  /** Leaves the input open. */
  keepOpen?: boolean
  /** What a shell pipes in: a pipe of the system, where that of Node is a socket. */
  shellInput?: string
  /** A folder that becomes a disk of 16 KiB, for this command alone. */
  smallDisk?: string
  /** Runs it on a pseudo-terminal, where stdout and stderr are one. */
  terminal?: boolean
}

/** What is left of it in the end. */
export interface Ended {
  code: number | null
  stdout: string
  stderr: string
}

/** A command that runs. */
export interface Running {
  child: ChildProcess
  ended: Promise<Ended>
  /** Waits until the output holds a text, and gives all that there is of it by then. */
  shows: (text: string) => Promise<string>
}

/** `script` of util-linux, of which every Debian has one, makes pseudo-terminals; others spell its options otherwise. */
export const hasTerminal = /util-linux/.test(spawnSync('script', ['--version'], { encoding: 'utf8' }).stdout ?? '')

/** Whether `smallDisk` works: it needs namespaces of Linux. */
export const hasSmallDisk = spawnSync('unshare', ['--map-root-user', '--mount', 'true']).status === 0

/** Starts the command. */
export function start(words: readonly string[], options: SpawnOptions = {}): Running {
  const { env = {}, input, shellInput, smallDisk, keepOpen = false, terminal = false } = options
  const argv = [process.execPath, command, ...words]
  const onTerminal = `stty columns 80 rows 24 && exec ${argv.map(quote).join(' ')}`
  const piped = shellInput === undefined ? argv : ['sh', '-c', `printf %s ${quote(shellInput)} | "$@"`, 'sh', ...argv]
  const mount = `mount -t tmpfs -o size=16k tmpfs ${quote(smallDisk ?? '')} && exec "$@"`
  const started =
    smallDisk === undefined ? piped : ['unshare', '--map-root-user', '--mount', 'sh', '-c', mount, 'sh', ...piped]
  const [file = '', ...rest] = terminal
    ? ['script', '--quiet', '--flush', '--return', '--command', onTerminal, '/dev/null']
    : started
  const child = spawn(file, rest, { env: { ...environment(), ...env }, stdio: 'pipe' })
  const seen = { stdout: '', stderr: '' }
  const waiting = new Set<() => void>()
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      seen[name] += text
      for (const look of waiting) look()
    })
  }
  if (input !== undefined) child.stdin.end(input)
  else if (!terminal && !keepOpen) child.stdin.end()
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve({ code, ...seen }))
  })
  return {
    child,
    ended,
    shows: (text) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const output = seen.stdout + seen.stderr
          if (!output.includes(text)) return
          waiting.delete(look)
          resolve(output)
        }
        waiting.add(look)
        look()
        void ended.then(
          () => reject(new Error(`It ended without showing ${JSON.stringify(text)}: ${JSON.stringify(seen)}`)),
          reject,
        )
      }),
  }
}

/** Starts the command and waits for its end. */
export function run(words: readonly string[], options?: SpawnOptions): Promise<Ended> {
  return start(words, options).ended
}

function environment(): Record<string, string> {
  const own = /^(DASHSCOPE|DUALSCOPE)_|^(NO_COLOR|FORCE_COLOR|CI|NODE_OPTIONS)$/
  const inherited = Object.entries(process.env).filter(([name]) => !own.test(name))
  return { ...(Object.fromEntries(inherited) as Record<string, string>), TERM: 'xterm-256color' }
}

function quote(word: string) {
  return `'${word.replaceAll("'", String.raw`'\''`)}'`
}
