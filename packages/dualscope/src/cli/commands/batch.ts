import {
  type BatchQueue,
  checkBatchFile,
  connectQueue,
  limited,
  type LineProblem,
  runBatchFile,
} from '@dualscope/batch'
import { type Client, createClient, DualscopeError } from '@dualscope/core'
import { Command } from 'commander'

import { connectTransport } from '../../connect.ts'
import { resolveAccess } from '../access.ts'
import { addConnectionOptions, type ConnectionFlags, connectOptions, protocolOption } from '../connection-options.ts'
import { exitCode, usageError } from '../errors.ts'
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
  dualscope batch questions.jsonl --out answers.jsonl --redis redis://host:6379`

/** `dualscope batch`: many requests from a file. */
export function batchCommand(): Command {
  const command = new Command('batch')
    // Options after "worker" belong to it, although `batch` has some of the same.
    .enablePositionalOptions()
    .description('send the requests of a file, a line of JSON each, and write their answers to another')
    .argument('<input>', 'the file of requests')
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
  const { thinking, output } = await readSettings(flags)
  const options = { input, out, files, system, thinking, output, concurrency, retryFailed, region }
  const display = createBatchDisplay(json)
  if (flags.check) await check(options, flags, display.showProblem)
  const { model, ...connection } = connectOptions(flags)
  const progress = { onProblem: display.showProblem, onProgress: display.update }
  if (flags.redis !== undefined) {
    const queue = await connectQueue(flags.redis)
    const answer: BatchQueue['answer'] = ({ id, request }, signal, name) =>
      queue.answer({ id, request: { ...request, model: request.model ?? model } }, signal, name)
    const jobs = { concurrency: Math.max(jobsAhead, concurrency), client: createDeadClient(flags), answer }
    try {
      return await runWithDisplay(display, (signal) => runBatchFile({ ...options, ...jobs, ...progress, signal }))
    } finally {
      await queue.close()
    }
  }
  const access = await resolveAccess({ mock, interactive: false, quiet: json })
  const transport = limited(connectTransport({ ...connection, ...access }), {
    requestsPerMinute: flags.rpm,
    tokensPerMinute: flags.tpm,
    region,
  })
  const client = createClient({ transport, model })
  await runWithDisplay(display, (signal) => runBatchFile({ ...options, client, ...progress, signal }))
}

/** Runs a batch with its display, and sets the exit code. */
async function runWithDisplay(
  display: BatchDisplay,
  run: (signal: AbortSignal) => ReturnType<typeof runBatchFile>,
): Promise<void> {
  try {
    const summary = await interruptible(async (signal) => {
      signal.addEventListener('abort', display.showInterrupt, { once: true })
      return run(signal)
    })
    await display.finish(summary)
    const { failed, failedBefore, bad } = summary
    process.exitCode = failed + failedBefore + bad > 0 ? exitCode.failed : exitCode.done
  } catch (error) {
    display.clear()
    if (error instanceof Interrupted) await display.finishInterrupted()
    throw asUsageError(error)
  }
}

/** A file that cannot be opened is an error of the command line. */
function asUsageError(error: unknown): unknown {
  if (!(error instanceof Error) || !('code' in error) || !('path' in error)) return error
  return usageError(error.message, 'Check the names of the files, and that they can be read and written.')
}

async function check(
  options: Omit<Parameters<typeof checkBatchFile>[0], 'client'>,
  flags: BatchFlags,
  onProblem: (problem: LineProblem) => void,
): Promise<void> {
  let bad: number
  try {
    bad = await checkBatchFile({ ...options, client: createDeadClient(flags), onProblem })
  } catch (error) {
    throw asUsageError(error)
  }
  if (bad > 0) throw usageError(`${bad} lines are invalid; nothing was sent.`, 'Repair them, or leave out --check.')
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
