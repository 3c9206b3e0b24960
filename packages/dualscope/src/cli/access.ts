import type { TransportOptions } from '@dualscope/core'

import { checkKey } from './checks.ts'
import { CommandError, exitCode } from './errors.ts'
import { Interrupted } from './interrupt.ts'
import { style } from './output/terminal.ts'

/** Creates a mock in this process, and the options of a transport to it. */
async function mockAccess(quiet: boolean): Promise<TransportOptions> {
  const { createMock } = await import('@dualscope/testing')
  const { stderr } = process
  const notice = '(using the local mock of Model Studio, which echoes the prompt)'
  if (!quiet) stderr.write(`${style(stderr, 'dim', notice)}\n\n`)
  return { apiKey: 'mock', fetch: createMock({ latency: 10 }).fetch }
}

/**
 * Returns the options that reach the service with the key of the environment, or the mock if it is requested. Without a key, it
 * offers the mock on a terminal, and throws elsewhere.
 */
export async function resolveAccess(options: {
  mock: boolean
  interactive: boolean
  quiet: boolean
}): Promise<TransportOptions> {
  if (options.mock) return mockAccess(options.quiet)
  if (!process.env['DASHSCOPE_API_KEY'] && options.interactive && (await wantsMock())) return mockAccess(options.quiet)
  requireKey()
  return {}
}

/** Throws unless the environment has a key that can be sent. */
export function requireKey(): void {
  const { state, message, fix = '' } = checkKey()
  if (state === 'failed') throw new CommandError(message, { fix, exit: exitCode.key })
}

async function wantsMock(): Promise<boolean> {
  const { confirm, isCancel } = await import('@clack/prompts')
  const answer = await confirm({
    message: 'DASHSCOPE_API_KEY is not set. Use the local mock instead?',
    output: process.stderr,
  })
  if (isCancel(answer)) throw new Interrupted(exitCode.interrupted)
  return answer
}
