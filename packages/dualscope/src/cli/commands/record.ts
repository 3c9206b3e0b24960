import type { Recording } from '@dualscope/testing'
import { Command } from 'commander'

import { describe, usageError } from '../errors.ts'
import { explainListenError, portOption, untilInterrupted } from '../local-server.ts'
import { style, terminalText, write } from '../output/terminal.ts'
import { parseAddress } from '../recordings.ts'

interface RecordFlags {
  out: string
  port: number
  to: string
}

/** `dualscope record`: a proxy on this machine that records each exchange with the service. */
export function recordCommand(): Command {
  return new Command('record')
    .description('forward 127.0.0.1 to the service and record each exchange, without keys, accounts and media')
    .requiredOption('--out <folder>', 'the folder of the recordings, a file for each exchange')
    .addOption(portOption(4020))
    .option('--to <url>', 'the service that requests go to', parseAddress, 'https://dashscope.aliyuncs.com')
    .action(serve)
}

async function serve({ out, port, to }: RecordFlags): Promise<void> {
  const { startRecorder } = await import('@dualscope/testing/recorder')
  const recorder = await startRecorder({ out, port, to, onRecording: log, onError: logError }).catch(
    (error: unknown) => {
      throw explainFolderError(explainListenError(error, port))
    },
  )
  await write(process.stdout, instructions(recorder.url, to, out))
  try {
    await untilInterrupted()
  } finally {
    await recorder.close()
  }
}

function explainFolderError(error: unknown): unknown {
  if (!(error instanceof Error && 'syscall' in error)) return error
  return usageError(`Cannot write the recordings: ${error.message}`, 'Pass --out a folder that you can write to.')
}

function log(name: string, { request, response }: Recording): void {
  const { stderr } = process
  const status = style(stderr, response.status < 400 ? 'green' : 'red', String(response.status))
  stderr.write(`${status} ${request.method} ${terminalText(request.path)} ${name}\n`)
}

function logError(error: unknown): void {
  const { stderr } = process
  stderr.write(`${style(stderr, 'red', 'error:')} not recorded: ${terminalText(describe(error))}\n`)
}

function instructions(url: string, to: string, out: string): string {
  return `Recording into ${out}: ${url} forwards to ${to} (Ctrl-C stops it)

  dualscope                      export DASHSCOPE_BASE_URL=${url}
  openai                         baseURL ${url}/compatible-mode/v1
  dashscope for Python           export DASHSCOPE_HTTP_BASE_URL=${url}/api/v1

`
}
