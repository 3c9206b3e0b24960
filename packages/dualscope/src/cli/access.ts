import type { TransportOptions } from '@dualscope/core'

import { checkKey } from './check-key.ts'
import { CommandError } from './command-error.ts'
import { exitCode } from './exit-code.ts'
import { Interrupted } from './interrupt.ts'
import { style } from './output/style.ts'

/** Makes the options by which a transport of this process reaches a mock in it. */
async function mockAccess(): Promise<TransportOptions> {
  const { createMock } = await import('@dualscope/testing')
  const { stderr } = process
  const notice = '(a mock of Model Studio answers: it says back what it is told)'
  stderr.write(`${style(stderr, 'dim', notice)}\n\n`)
  return { apiKey: 'mock', fetch: createMock({ latency: 10 }).fetch }
}

/**
 * How to reach the service: with the key of the environment, or the mock if that is asked for. Without either, a terminal is
 * asked; everything else gets an error.
 */
export async function resolveAccess(options: { mock: boolean; interactive: boolean }): Promise<TransportOptions> {
  if (options.mock) return mockAccess()
  if (!process.env['DASHSCOPE_API_KEY'] && options.interactive && (await wantsMock())) return mockAccess()
  requireKey()
  return {}
}

/** Ends the command unless there is a key that can be sent. */
export function requireKey(): void {
  const { state, told, todo = '' } = checkKey()
  if (state === 'failed') throw new CommandError(told, { todo, exit: exitCode.key })
}

async function wantsMock(): Promise<boolean> {
  const { confirm, isCancel } = await import('@clack/prompts')
  const answer = await confirm({
    message: 'There is no key in DASHSCOPE_API_KEY. Ask a mock of Model Studio on this machine instead?',
    output: process.stderr,
  })
  if (isCancel(answer)) throw new Interrupted(exitCode.interrupted)
  return answer
}
