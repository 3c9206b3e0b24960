import { stat } from 'node:fs/promises'

import { type BatchQueue, checkBatchFile, connectQueue, limited, runBatchFile } from '@dualscope/batch'
import { type Client, createClient, DualscopeError, type OutputSpec, type TransportOptions } from '@dualscope/core'
import { Command } from 'commander'

import { connectTransport } from '../../connect.ts'
import { resolveAccess } from '../access.ts'
import { addConnectionOptions, type ConnectionFlags, connectOptions, protocolOption } from '../connection-options.ts'
import { CommandError, exitCode, usageError } from '../errors.ts'
import { messageWithInputName } from '../input-names.ts'
import { Interrupted, interruptible } from '../interrupt.ts'
import { type BatchDisplay, createBatchDisplay } from '../output/batch-progress.ts'
import { addLimitOptions, batchWorkerCommand, type LimitFlags } from './batch-worker.ts'
import { readSettings } from './chat-options.ts'

/** The most jobs in Redis at once, so that many workers stay busy. */
const jobsAhead = 256

interface BatchFlags extends ConnectionFlags, LimitFlags {
  out?: string
  files?: string
  check?: boolean
  retryFailed?: boolean
  system?: string
  thinking?: boolean
  schema?: string
  json?: boolean
  mock?: boolean
  redis?: string
}

const examples = `
A line of the input:   {"id": "1", "prompt": "Who are you?"}  or  {"id": "1", "request": {"messages": […], …}}
A line of the output:  {"id": "1", "result": {"text": "…", …}}  or  {"id": "1", "error": {"code": "…", "message": "…"}}

The same command again sends what is missing: after Ctrl-C, a crash, or new lines in the input.

Exit codes: 0 all answered, 1 some failed, 2 input or options are wrong, 3 the key, 130 interrupted.

Examples:
  dualscope batch questions.jsonl --out answers.jsonl --rpm 600 --tpm 1000000
  dualscope batch photos.jsonl --out captions.jsonl --files photos --check
  dualscope batch questions.jsonl --out answers.jsonl --retry-failed
  jq -c '{id, prompt: .question}' data.jsonl | dualscope batch - --out answers.jsonl
  dualscope batch questions.jsonl --out answers.jsonl --redis redis://host:6379`

/** `dualscope batch`: many requests from a file. */
export function batchCommand(): Command {
  const command = new Command('batch')
    // Options after "worker" belong to it, although `batch` has some of the same.
    .enablePositionalOptions()
    .description('send the requests of a file, a line of JSON each, and write their answers to another')
    .argument('<input>', 'the file of requests; `-` is the standard input')
    .option('-o, --out <file>', 'the file of answers: appended to; answered requests are not sent again')
  return addConnectionOptions(addLimitOptions(command).addOption(protocolOption()))
    .option('--files <folder>', 'allow `file:` names of images and videos inside this folder')
    .option('--check', 'validate all requests before the first is sent, and send none if one is invalid')
    .option('--retry-failed', 'send the failed requests of the output again')
    .option('-s, --system <text>', 'the system prompt of requests without one')
    .option('--thinking', 'think before answering (default: the model decides)')
    .option('--no-thinking', 'answer without thinking')
    .option('--schema <file>', 'a JSON Schema: each answer is data that matches it, in result.output')
    .option('--redis <url>', 'let `dualscope batch worker` send the requests, over this Redis')
    .option('--json', 'print progress and summary as lines of JSON, for programs')
    .option('--mock', 'use the local mock of Model Studio: no key, no cost')
    .addHelpText('after', examples)
    .action(batch)
    .addCommand(batchWorkerCommand())
}

async function batch(input: string, flags: BatchFlags): Promise<void> {
  const { json = false, mock = false, retryFailed, files, out, system, concurrency, region } = flags
  // Commander would require it of `batch worker` too.
  if (out === undefined) throw usageError('--out is missing.', 'Add --out answers.jsonl, the file of the answers.')
  if (flags.redis !== undefined) refuseWorkerOptions(flags)
  const { thinking, output } = await readSettings(flags)
  await checkOutput(output, flags)
  const source = openInput(input)
  const options = { input: source, out, files, system, thinking, output, concurrency, retryFailed, region }
  const access = flags.redis === undefined ? await resolveAccess({ mock, interactive: false, quiet: json }) : undefined
  const display = createBatchDisplay(json)
  try {
    if (flags.check) await check(options, flags, display)
    const watched = { ...options, onProblem: display.showProblem, onProgress: display.update }
    const summary = await interruptible(async (signal) => {
      const notice = 'Finishing the requests under way, for at most 10 s; Ctrl-C again ends at once.'
      signal.addEventListener('abort', () => display.showNotice(notice), { once: true })
      return access ? ask({ ...watched, signal }, flags, access) : askWorkers({ ...watched, signal }, flags, display)
    })
    const { failed, failedBefore, bad } = summary
    const again = failed + failedBefore > 0 ? '--retry-failed sends the failed requests again.' : undefined
    await display.finish('summary', again)
    process.exitCode = failed + failedBefore + bad > 0 ? exitCode.failed : exitCode.done
  } catch (error) {
    if (!(error instanceof Interrupted)) await display.finish('stopped')
    else await display.finish('interrupted', 'Interrupted. Run the same command again to continue.')
    throw asCommandError(error)
  } finally {
    // An open standard input would keep the process alive.
    if (source === process.stdin) process.stdin.destroy()
  }
}

type RunOptions = Omit<Parameters<typeof runBatchFile>[0], 'client' | 'answer'>

/** Asks the service. */
function ask(options: RunOptions, flags: BatchFlags, access: TransportOptions): ReturnType<typeof runBatchFile> {
  const { model, ...connection } = connectOptions(flags)
  const { rpm: requestsPerMinute, tpm: tokensPerMinute, retries, region } = flags
  const limits = { requestsPerMinute, tokensPerMinute, retries, region }
  const transport = limited(connectTransport({ ...connection, ...access }), limits)
  return runBatchFile({ ...options, client: createClient({ transport, model }) })
}

/** Has the workers ask the service. */
async function askWorkers(
  options: RunOptions,
  flags: BatchFlags,
  display: BatchDisplay,
): ReturnType<typeof runBatchFile> {
  const { redis = '', model, concurrency } = flags
  const queue = await connectQueue(redis, { onNotice: display.showNotice })
  const answer: BatchQueue['answer'] = ({ id, request }, signal, name) =>
    queue.answer({ id, request: { ...request, model: request.model ?? model } }, signal, name)
  const stopWatching = watchWorkers(queue, display)
  try {
    const jobs = { concurrency: Math.max(jobsAhead, concurrency), client: createDeadClient(flags), answer }
    return await runBatchFile({ ...options, ...jobs })
  } finally {
    stopWatching()
    await queue.close()
  }
}

/** Without workers a batch would wait in silence. */
function watchWorkers(queue: BatchQueue, display: BatchDisplay): () => void {
  let hasWorkers = true
  const look = async () => {
    const count = await queue.countWorkers()
    if (count === 0 && hasWorkers) {
      display.showNotice('No worker is connected: start `dualscope batch worker` with the same --redis.')
    }
    hasWorkers = count > 0
  }
  // Its connection reports what goes wrong with Redis.
  const lookSafely = () => void look().catch(() => undefined)
  lookSafely()
  const timer = setInterval(lookSafely, 10_000)
  return () => clearInterval(timer)
}

/** Opens the standard input for `-`. */
function openInput(input: string): string | typeof process.stdin {
  return input === '-' || input === '/dev/stdin' ? process.stdin : input
}

function refuseWorkerOptions({ rpm, tpm, files, check, protocol, baseUrl, workspace, mock }: BatchFlags): void {
  const options = { rpm, tpm, protocol, workspace, mock, 'base-url': baseUrl, files: check ? undefined : files }
  const [name] = Object.entries(options).find(([, value]) => value !== undefined) ?? []
  if (name === undefined) return
  throw usageError(
    `--${name} has no effect with --redis: the workers send the requests.`,
    'Remove it here, and pass what they need to `dualscope batch worker`.',
  )
}

/** A schema that cannot be checked would fail each request. */
async function checkOutput(output: OutputSpec | undefined, flags: BatchFlags): Promise<void> {
  if (output === undefined) return
  try {
    await createDeadClient(flags).chat({ messages: [{ role: 'user', content: 'Hi' }], output })
  } catch (error) {
    if (error instanceof DualscopeError && error.code === 'validation') {
      throw usageError(messageWithInputName(error, { messages: [], schema: flags.schema }), `Correct ${flags.schema}.`)
    }
  }
}

async function check(options: RunOptions, flags: BatchFlags, display: BatchDisplay): Promise<void> {
  const { input } = options
  if (typeof input !== 'string' || !(await stat(input)).isFile()) {
    throw usageError('--check needs a file, because it reads the input twice.', 'Write the input to a file first.')
  }
  const bad = await checkBatchFile({
    ...options,
    input,
    client: createDeadClient(flags),
    onProblem: display.showProblem,
  })
  if (bad > 0) throw usageError(`${bad} lines are invalid; nothing was sent.`, 'Repair them, or leave out --check.')
}

/** Explains the errors of files and options in the words of the command. */
function asCommandError(error: unknown): unknown {
  if (error instanceof DualscopeError && ['configuration', 'validation'].includes(error.code)) {
    return usageError(error.message, 'See `dualscope batch --help`.')
  }
  if (!(error instanceof Error) || !('syscall' in error)) return error
  if (error.syscall === 'write' || error.syscall === 'fdatasync') {
    const fix = 'Make room on the disk, and run the same command again to continue.'
    return new CommandError(`Cannot write the answers: ${error.message}`, { fix, exit: exitCode.failed })
  }
  return usageError(`Cannot open a file: ${error.message}`, 'Check its name, and that it can be read and written.')
}

/** Creates a client that validates and prepares requests, but cannot send them. */
function createDeadClient(flags: BatchFlags): Client {
  const { model, ...connection } = connectOptions(flags)
  return createClient({
    transport: connectTransport({ ...connection, apiKey: 'check', retries: 0, fetch: refuseToSend }),
    model,
  })
}

function refuseToSend(): Promise<never> {
  return Promise.reject(new DualscopeError('connection', 'A check sends nothing'))
}
