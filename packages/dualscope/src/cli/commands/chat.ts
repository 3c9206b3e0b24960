import type { RetryNotice } from '@dualscope/core'
import { Command, InvalidArgumentError } from 'commander'

import { connect } from '../../connect.ts'
import { resolveAccess } from '../access.ts'
import { readRequest, type RequestFlags } from './chat-request.ts'
import { CommandError } from '../command-error.ts'
import { addConnectionOptions, connectOptions, protocolOption, type ConnectionFlags } from '../connection-options.ts'
import { exitCode } from '../exit-code.ts'
import { interruptible } from '../interrupt.ts'
import { showJson, showText } from '../output/answer.ts'
import { style } from '../output/style.ts'
import { terminalLine } from '../output/terminal.ts'
import { createUploadProgress } from '../output/upload-progress.ts'

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

/** `dualscope chat`: one question and its answer. */
export function chatCommand(): Command {
  const command = new Command('chat')
    .description('ask one question: thinking, usage and cost go to stderr, the answer to stdout')
    .argument('[prompt...]', 'what to ask; else it is read from a pipe')
    .option('-s, --system <text>', 'what the model is to be')
    .option('-i, --image <file or url>', 'a picture; repeatable', append)
    .option('--video <file or url>', 'a video; repeatable', append)
    .option('--frames <files or urls...>', 'a video as 4 to 2000 pictures, in order; put the prompt first')
    .option('--fps <number>', 'pictures to a second of the video, 0.1 to 10', number)
    .option('--thinking', 'think first (default: as the model does by itself)')
    .option('--no-thinking', 'answer at once')
  return addConnectionOptions(command.addOption(protocolOption()))
    .option('--json', 'the result as one line of JSON, for programs')
    .option('--stream', 'with --json: each event as a line, the result as the last one')
    .option('--mock', 'ask a mock of Model Studio in this process: no key, no cost')
    .addHelpText('after', examples)
    .action(chat)
}

async function chat(words: string[], flags: ChatFlags): Promise<void> {
  const { json = false, stream = false, mock = false } = flags
  if (stream && !json) {
    throw new CommandError('--stream goes with --json only.', {
      todo: 'Add --json for events as lines of JSON, or leave --stream out: what people read is streamed anyway.',
      exit: exitCode.usage,
    })
  }
  const request = await readRequest(words, flags)
  const interactive = !json && process.stdin.isTTY && process.stderr.isTTY
  const access = await resolveAccess({ mock, interactive })
  const progress = createUploadProgress(process.stderr)
  const onRetry = (notice: RetryNotice) => {
    progress.clear()
    tellRetry(notice)
  }
  const client = connect({ ...connectOptions(flags), ...access, onRetry })
  await interruptible((signal) => {
    const answer = client.stream(request, { signal, onUploadProgress: progress.onUploadProgress })
    return json ? showJson(answer, progress, stream) : showText(answer, progress)
  })
}

function tellRetry({ error, delay }: RetryNotice): void {
  const { stderr } = process
  const notice = `Trying again in ${(delay / 1000).toFixed(1)} s: ${terminalLine(error.message)}`
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
