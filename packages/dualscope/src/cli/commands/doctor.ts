import { Command } from 'commander'

import { checkKey } from '../check-key.ts'
import type { Check } from '../checks.ts'
import { addConnectionOptions, connectOptions, type ConnectionFlags } from '../connection-options.ts'
import { checkModel, checkNode, checkPlace, checkProtocol } from './diagnosis.ts'
import { exitCode } from '../exit-code.ts'
import { interruptible } from '../interrupt.ts'
import { style } from '../output/style.ts'
import { terminalLine } from '../output/terminal.ts'
import { write, writeJson } from '../output/write.ts'

interface DoctorFlags extends ConnectionFlags {
  json?: boolean
}

const marks = { ok: ['green', '✓'], warning: ['yellow', '!'], failed: ['red', '✗'], skipped: ['dim', '–'] } as const

/** `dualscope doctor`: whether everything is as a call needs it. */
export function doctorCommand(): Command {
  const command = new Command('doctor').description(
    'check Node, key, region and, with a tiny call over each, both protocols; say what to do about each failure',
  )
  return addConnectionOptions(command)
    .option('--json', 'the checks as one line of JSON')
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
  for (const protocol of ['compatible', 'dashscope'] as const) {
    await add(
      key.state === 'failed'
        ? { name: protocol, state: 'skipped', told: 'not called without a key' }
        : await checkProtocol(protocol, options, signal),
    )
  }
  if (flags.json) await writeJson(process.stdout, checks)
  if (key.state === 'failed') process.exitCode = exitCode.key
  else if (checks.some(({ state }) => state === 'failed')) process.exitCode = exitCode.failed
}

async function show({ name, state, told, todo }: Check): Promise<void> {
  const { stdout } = process
  const [format, mark] = marks[state]
  await write(stdout, `${style(stdout, format, mark)} ${name.padEnd(10)} ${terminalLine(told)}\n`)
  if (todo !== undefined) await write(stdout, `${' '.repeat(13)}${style(stdout, 'cyan', 'do:')} ${todo}\n`)
}
