import type { RetryNotice } from '@dualscope/core'
import { Command, InvalidArgumentError } from 'commander'

import { connect } from '../../connect.ts'
import { resolveAccess } from '../access.ts'
import { addConnectionOptions, type ConnectionFlags, connectOptions, protocolOption } from '../connection-options.ts'
import { CommandError, exitCode } from '../errors.ts'
import { interruptible } from '../interrupt.ts'
import { showJson, showText } from '../output/answer.ts'
import { style, terminalLine } from '../output/terminal.ts'
import { createUploadProgress } from '../output/upload-progress.ts'
import { readRequest, type RequestFlags } from './chat-request.ts'

interface ChatFlags extends ConnectionFlags, RequestFlags {
  json?: boolean
  stream?: boolean
  mock?: boolean
}

const examples = `
Examples:
  dualscope chat "Who are you?" --thinking
  git diff | dualscope chat --system "Write a commit message for this change."
  dualscope chat "What is on it?" --image eagle.png --json
  dualscope chat "What happens?" --frames ball-*.jpg
  dualscope chat "Who are you?" --mock`

/** `dualscope chat`: one prompt and its answer. */
export function chatCommand(): Command {
  const command = new Command('chat')
    .description('send one prompt: the answer goes to stdout; thinking, usage and cost go to stderr')
    .argument('[prompt...]', 'the prompt; read from standard input if absent')
    .option('-s, --system <text>', 'the system prompt')
    .option('-i, --image <file or url>', 'an image; repeatable', append)
    .option('--video <file or url>', 'a video; repeatable', append)
    .option('--frames <files or urls...>', 'a video as 4 to 2000 images, in order; put the prompt first')
    .option('--fps <number>', 'frames per second of the video, 0.1 to 10', number)
    .option('--thinking', 'think before answering (default: the model decides)')
    .option('--no-thinking', 'answer without thinking')
  return addConnectionOptions(command.addOption(protocolOption()))
    .option('--json', 'print the result as one line of JSON, for programs')
    .option('--stream', 'with --json: print each event as a line, the result last')
    .option('--mock', 'use the local mock of Model Studio: no key, no cost')
    .addHelpText('after', examples)
    .action(chat)
}

async function chat(words: string[], flags: ChatFlags): Promise<void> {
  const { json = false, stream = false, mock = false } = flags
  if (stream && !json) {
    throw new CommandError('--stream needs --json.', {
      fix: 'Add --json to print events as JSON lines, or remove --stream: text is streamed anyway.',
      exit: exitCode.usage,
    })
  }
  const request = await readRequest(words, flags)
  const interactive = !json && process.stdin.isTTY && process.stderr.isTTY
  const access = await resolveAccess({ mock, interactive })
  const progress = createUploadProgress(process.stderr)
  const onRetry = (notice: RetryNotice) => {
    progress.clear()
    showRetry(notice)
  }
  const client = connect({ ...connectOptions(flags), ...access, onRetry })
  await interruptible((signal) => {
    const answer = client.stream(request, { signal, onUploadProgress: progress.onUploadProgress })
    const { region } = flags
    return json ? showJson(answer, progress, { events: stream, region }) : showText(answer, progress, region)
  })
}

function showRetry({ error, delay }: RetryNotice): void {
  const { stderr } = process
  const notice = `Retrying in ${(delay / 1000).toFixed(1)} s: ${terminalLine(error.message)}`
  stderr.write(`${style(stderr, 'dim', notice)}\n`)
}

function append(value: string, list: readonly string[] = []): readonly string[] {
  return [...list, value]
}

function number(value: string): number {
  const parsed = Number(value)
  if (value.trim() === '' || Number.isNaN(parsed)) throw new InvalidArgumentError('It must be a number.')
  return parsed
}
