import { writeFile } from 'node:fs/promises'

import { compatible } from '@dualscope/compatible'
import { dashscope } from '@dualscope/dashscope'
import type { ContractCase } from '@dualscope/testing'
import { Command, Option } from 'commander'

import { requireKey } from '../access.ts'
import { addConnectionOptions, type ConnectionFlags } from '../connection-options.ts'
import { CommandError, exitCode } from '../errors.ts'
import { interruptible } from '../interrupt.ts'
import { junit, type Outcome } from '../output/junit.ts'
import { tapBail, tapCase, tapHead, tapSummary } from '../output/tap.ts'
import { textFor, write } from '../output/terminal.ts'

interface ContractFlags extends Omit<ConnectionFlags, 'protocol'> {
  protocol: 'compatible' | 'dashscope' | 'both'
  live?: boolean
  junit?: string
}

const transports = { compatible, dashscope }

/** `dualscope contract`: runs the contract suite against the mock or the service. */
export function contractCommand(): Command {
  const command = new Command('contract')
    .description(
      'run the contract suite of @dualscope/testing against a mock in this process, or the service; TAP on stdout',
    )
    .addOption(
      new Option('-p, --protocol <name>', 'which transport')
        .choices(['compatible', 'dashscope', 'both'])
        .default('both'),
    )
    .option('--live', 'run against the service: costs some thousand tokens per protocol')
    .option('--junit <file>', 'also write a JUnit report')
  return addConnectionOptions(command).action((flags: ContractFlags) => interruptible((signal) => run(flags, signal)))
}

async function run(flags: ContractFlags, signal: AbortSignal): Promise<void> {
  const { stdout } = process
  const cases = await collect(flags)
  const outcomes: Outcome[] = []
  await write(stdout, tapHead(cases.length))
  try {
    for (const { suite, run: runCase, ...about } of cases) {
      signal.throwIfAborted()
      const outcome = await take({ ...about, suite }, runCase)
      outcomes.push(outcome)
      await write(stdout, textFor(stdout, tapCase(outcome, outcomes.length)))
    }
    for (const [suite, found] of Map.groupBy(outcomes, ({ suite }) => suite)) {
      await write(stdout, textFor(stdout, tapSummary(suite, found)))
    }
  } catch (error) {
    await write(stdout, tapBail('interrupted'))
    throw error
  } finally {
    if (flags.junit !== undefined) await saveReport(flags.junit, junit(outcomes))
  }
  if (outcomes.some(({ failure }) => failure !== undefined)) process.exitCode = exitCode.failed
}

async function collect(flags: ContractFlags): Promise<(ContractCase & { suite: string })[]> {
  const { protocol, live, model, region, workspace, baseUrl } = flags
  if (live) requireKey()
  else if (region ?? workspace ?? baseUrl) {
    throw new CommandError('--region, --workspace and --base-url need --live: the mock has no address.', {
      fix: 'Add --live to call the service there, or remove them.',
      exit: exitCode.usage,
    })
  }
  const { contract } = await import('@dualscope/testing')
  const names = protocol === 'both' ? (['compatible', 'dashscope'] as const) : [protocol]
  return names.flatMap((suite) =>
    contract(
      (options) => transports[suite]({ region, workspace, baseUrl, ...options }),
      live ? { live: { model } } : {},
    ).map((each) => ({
      ...each,
      suite,
    })),
  )
}

async function take(about: Omit<Outcome, 'seconds' | 'failure'>, run: () => Promise<void>): Promise<Outcome> {
  const start = performance.now()
  const seconds = () => (performance.now() - start) / 1000
  try {
    await run()
    return { ...about, seconds: seconds() }
  } catch (error) {
    return { ...about, seconds: seconds(), failure: error instanceof Error ? error.message : String(error) }
  }
}

async function saveReport(file: string, report: string): Promise<void> {
  try {
    await writeFile(file, report)
  } catch (error) {
    throw new CommandError(`Cannot write the report: ${(error as Error).message}`, {
      fix: 'Pass --junit a file in a folder that exists.',
      exit: exitCode.usage,
    })
  }
}
