import { connectRedis, limited, runWorker, type StoreNotice } from '@dualscope/batch'
import { createClient } from '@dualscope/core'
import { Command } from 'commander'

import { connectTransport } from '../../connect.ts'
import { resolveAccess } from '../access.ts'
import { addConnectionOptions, type ConnectionFlags, connectOptions, protocolOption } from '../connection-options.ts'
import { interruptible } from '../interrupt.ts'
import { terminalLine } from '../output/terminal.ts'
import { wholeNumber } from '../whole-number.ts'

/** The options that limit the pace of requests. */
export interface LimitFlags {
  concurrency: number
  rpm?: number
  tpm?: number
  retries: number
}

interface WorkerFlags extends ConnectionFlags, LimitFlags {
  redis: string
  files?: string
}

/** `dualscope batch worker`: sends the requests of batches over Redis. */
export function batchWorkerCommand(): Command {
  const command = new Command('worker')
    .description('send the requests of `dualscope batch --redis` until Ctrl-C, on any number of machines')
    .requiredOption('--redis <url>', 'the Redis that the batches use; all workers share the limits in it')
    .option('--files <folder>', 'allow `file:` names of images and videos inside this folder')
  return addConnectionOptions(addLimitOptions(command).addOption(protocolOption())).action(work)
}

/** Adds the options that limit the pace of requests. */
export function addLimitOptions(command: Command): Command {
  return command
    .option('--concurrency <number>', 'requests at once', wholeNumber(1, 10_000), 8)
    .option('--rpm <number>', 'requests per minute (default: what the service allows)', wholeNumber(1, 1_000_000))
    .option(
      '--tpm <number>',
      'tokens per minute, input and output (default: what the service allows)',
      wholeNumber(1, 1_000_000_000),
    )
    .option('--retries <number>', 'attempts after the first, for temporary errors', wholeNumber(0, 1000), 5)
}

async function work(flags: WorkerFlags): Promise<void> {
  const { redis, files, concurrency, retries, region } = flags
  const access = await resolveAccess({ mock: false, interactive: false, quiet: true })
  const { store, close } = await connectRedis(redis)
  const { model, ...connection } = connectOptions(flags)
  const limits = {
    requestsPerMinute: flags.rpm,
    tokensPerMinute: flags.tpm,
    retries,
    region,
    store,
    onStore: printStore,
  }
  const client = createClient({ transport: limited(connectTransport({ ...connection, ...access }), limits), model })
  let answered = 0
  print('Waiting for requests; Ctrl-C ends this worker.')
  try {
    await interruptible(async (signal) => {
      await runWorker({ redis, client, concurrency, files, signal, onNotice: print, onAnswer: () => (answered += 1) })
      signal.throwIfAborted()
    })
  } finally {
    close()
    print(`${answered} requests answered.`)
  }
}

function print(message: string): void {
  process.stderr.write(`${terminalLine(message)}\n`)
}

function printStore({ available }: StoreNotice): void {
  print(
    available ? 'The limits in Redis hold again.' : 'Redis does not answer; a tenth of the limits is used meanwhile.',
  )
}
