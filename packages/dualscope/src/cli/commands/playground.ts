import type { Region } from '@dualscope/core'
import { Command } from 'commander'

import { checkKey } from '../checks.ts'
import { addConnectionOptions } from '../connection-options.ts'
import { CommandError, exitCode } from '../errors.ts'
import { explainListenError, portOption, untilInterrupted } from '../local-server.ts'
import { write } from '../output/terminal.ts'

interface PlaygroundFlags {
  port: number
  model: string
  region?: Region
  workspace?: string
  baseUrl?: string
  mock?: boolean
  temporaryKeys?: boolean
}

/** `dualscope playground`: serves a page that compares both protocols. */
export function playgroundCommand(): Command {
  const command = new Command('playground')
    .description('serve a page on 127.0.0.1 that sends a prompt over both protocols and shows them side by side')
    .addOption(portOption(4011))
    .option('--mock', 'use the local mock of Model Studio, which is also used without a key')
    .option('--temporary-keys', 'let the page call the service itself, with keys that expire after a minute')
  return addConnectionOptions(command).action(serve)
}

async function serve({ port, mock = false, ...options }: PlaygroundFlags): Promise<void> {
  const key = checkKey()
  // Without a key the mock answers; a key that cannot be sent is a mistake.
  if (!mock && process.env['DASHSCOPE_API_KEY'] && key.state === 'failed') {
    throw new CommandError(key.message, { fix: key.fix ?? '', exit: exitCode.key })
  }
  const { createPlayground, chooseService } = await import('../../playground/index.ts')
  const service = await chooseService(process.env, { ...options, mock })
  const playground = await createPlayground(service, { port }).catch((error: unknown) => {
    throw explainListenError(error, port)
  })
  const note = service.live
    ? `It calls ${service.name}, which bills each answer.`
    : 'A local mock answers. Set DASHSCOPE_API_KEY to call Model Studio.'
  await write(process.stdout, `Playground at ${playground.url} (Ctrl-C stops it)\n${note}\n`)
  try {
    await untilInterrupted()
  } finally {
    await playground.close()
    await service.close?.()
  }
}
