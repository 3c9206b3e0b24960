import type { RecordedPiece } from '@dualscope/testing'
import type { NamedRecording } from '@dualscope/testing/recorder'
import { Command } from 'commander'

import { requireKey } from '../access.ts'
import { CommandError, exitCode } from '../errors.ts'
import { Interrupted, interruptible } from '../interrupt.ts'
import { style, textFor, write } from '../output/terminal.ts'
import { openRecordings, parseAddress } from '../recordings.ts'
import { wholeNumber } from '../whole-number.ts'

interface DriftFlags {
  to: string
  calls: number
  tokens: number
  yes?: boolean
}

/** `dualscope drift`: sends recorded requests again, and reports what changed in the shape of the answers. */
export function driftCommand(): Command {
  return new Command('drift')
    .description('send recorded requests again and report what changed in the shape of the answers; this costs tokens')
    .argument('<folder>', 'recordings of `dualscope record`')
    .option('--to <url>', 'the service that requests go to', parseAddress, 'https://dashscope.aliyuncs.com')
    .option('--calls <number>', 'the most calls', wholeNumber(0, 10_000), 50)
    .option('--tokens <number>', 'stop calling once the answers have cost so many', wholeNumber(0, 10_000_000), 50_000)
    .option('-y, --yes', 'do not ask for confirmation on a terminal')
    .addHelpText('after', '\nExit codes: 0 the same, 1 something changed, 3 the key, 4 the service is unreachable')
    .action((folder: string, flags: DriftFlags) => interruptible((signal) => run(folder, flags, signal)))
}

/** The counts of a run. */
interface Tally {
  same: number
  changed: number
  unsent: number
  tokens: number
}

async function run(folder: string, flags: DriftFlags, signal: AbortSignal): Promise<void> {
  const { canSendAgain } = await import('@dualscope/testing/recorder')
  const recordings = await openRecordings(folder)
  const repeatable = recordings.filter(({ recording }) => canSendAgain(recording))
  requireKey()
  await confirmed(Math.min(repeatable.length, flags.calls), flags)
  const tally: Tally = { same: 0, changed: 0, unsent: recordings.length - repeatable.length, tokens: 0 }
  for (const each of repeatable) await check(each, flags, tally, signal)
  const { same, changed, unsent, tokens } = tally
  await write(process.stdout, `${same} the same, ${changed} changed, ${unsent} not sent; ${tokens} tokens\n`)
  if (changed > 0) process.exitCode = exitCode.failed
}

/** Sends one request again, unless the budget is spent, and prints what changed. */
async function check({ name, recording }: NamedRecording, flags: DriftFlags, tally: Tally, signal: AbortSignal) {
  signal.throwIfAborted()
  if (tally.same + tally.changed >= flags.calls || tally.tokens >= flags.tokens) {
    tally.unsent += 1
    return
  }
  const { compareRecordings } = await import('@dualscope/testing')
  const { sendAgain } = await import('@dualscope/testing/recorder')
  const { stdout } = process
  const apiKey = process.env['DASHSCOPE_API_KEY'] ?? ''
  const answer = await sendAgain(recording, { to: flags.to, apiKey, signal }).catch((error: unknown) => {
    throw signal.aborted ? signal.reason : unreachable(flags.to, error)
  })
  if (answer.response.status === 401 && recording.response.status !== 401) throw refusedKey()
  tally.tokens += tokensOf(answer.response.pieces)
  const differences = compareRecordings(recording, answer)
  tally[differences.length === 0 ? 'same' : 'changed'] += 1
  const verdict = differences.length === 0 ? style(stdout, 'green', 'same') : style(stdout, 'red', 'changed')
  const lines = differences.map((line) => `  ${line}\n`)
  await write(stdout, `${verdict} ${textFor(stdout, `${name}\n${lines.join('')}`)}`)
}

/** Returns the tokens that an answer has cost: the last total in it, or 0 if it states none. */
function tokensOf(pieces: readonly RecordedPiece[]): number {
  const text = pieces.map((piece) => ('text' in piece ? piece.text : '')).join('')
  return Number([...text.matchAll(/"total_tokens"\s*:\s*(\d+)/g)].at(-1)?.[1] ?? 0)
}

function unreachable(to: string, error: unknown): CommandError {
  const reason = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error)
  return new CommandError(`${to} cannot be reached: ${reason}`, {
    fix: 'Check the network and --to.',
    exit: exitCode.later,
  })
}

function refusedKey(): CommandError {
  return new CommandError('The key was refused.', {
    fix: 'Check DASHSCOPE_API_KEY and --to: a key belongs to one region.',
    exit: exitCode.key,
  })
}

async function confirmed(calls: number, { to, tokens, yes }: DriftFlags): Promise<void> {
  if (yes || !process.stdin.isTTY || !process.stderr.isTTY) return
  const { confirm, isCancel } = await import('@clack/prompts')
  const message = `Make ${calls} calls to ${to}, until they have cost ${tokens} tokens?`
  const answer = await confirm({ message, output: process.stderr })
  if (isCancel(answer) || !answer) throw new Interrupted(exitCode.interrupted)
}
