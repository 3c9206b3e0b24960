import { Command, Option } from 'commander'

import { type Check, checkKey } from '../checks.ts'
import { addConnectionOptions, type ConnectionFlags, connectOptions } from '../connection-options.ts'
import { exitCode } from '../errors.ts'
import { interruptible } from '../interrupt.ts'
import { style, terminalLine, write, writeJson } from '../output/terminal.ts'
import { checkModel, checkNode, checkPlace, checkProtocol } from './diagnosis.ts'
import { findRegion } from './find-region.ts'

interface DoctorFlags extends ConnectionFlags {
  json?: boolean
  allRegions?: boolean
}

const marks = { ok: ['green', '✓'], warning: ['yellow', '!'], failed: ['red', '✗'], skipped: ['dim', '–'] } as const

/** `dualscope doctor`: checks everything that a call needs. */
export function doctorCommand(): Command {
  const command = new Command('doctor').description(
    'check Node, key and region, and both protocols with a tiny call; print what to do about each failure',
  )
  return addConnectionOptions(command)
    .addOption(
      new Option('--all-regions', 'send the key to every region, and say which one it belongs to').conflicts('baseUrl'),
    )
    .option('--json', 'print the checks as one line of JSON')
    .action((flags: DoctorFlags) => interruptible((signal) => doctor(flags, signal)))
}

async function doctor(flags: DoctorFlags, signal: AbortSignal): Promise<void> {
  const options = connectOptions(flags)
  const checks: Check[] = []
  const add = async (check: Check) => {
    checks.push(check)
    if (!flags.json) await show(check)
  }
  await add(checkNode())
  const key = checkKey()
  await add(key)
  await add(checkPlace(options))
  await add(checkModel(flags.model))
  if (flags.allRegions) await add(key.state === 'failed' ? skipped('region') : await findRegion(flags, signal))
  for (const protocol of ['compatible', 'dashscope'] as const) {
    await add(key.state === 'failed' ? skipped(protocol) : await checkProtocol(protocol, options, signal))
  }
  if (flags.json) await writeJson(process.stdout, checks)
  process.exitCode = exitOf(checks)
}

/** Chooses one exit code: an invalid key comes before other failures, and those before errors that may pass. */
function exitOf(checks: readonly Check[]): number {
  const failures = checks.filter(({ state }) => state === 'failed').map(({ exit = exitCode.failed }) => exit)
  const order = [exitCode.key, exitCode.failed, exitCode.usage, exitCode.later]
  return order.find((exit) => failures.includes(exit)) ?? exitCode.done
}

function skipped(name: string): Check {
  return { name, state: 'skipped', message: 'not called: no valid key' }
}

async function show({ name, state, message, fix }: Check): Promise<void> {
  const { stdout } = process
  const [format, mark] = marks[state]
  await write(stdout, `${style(stdout, format, mark)} ${name.padEnd(10)} ${terminalLine(message)}\n`)
  if (fix !== undefined) await write(stdout, `${' '.repeat(13)}${style(stdout, 'cyan', 'do:')} ${fix}\n`)
}
