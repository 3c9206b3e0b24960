import type { ModelId, Region } from '@dualscope/core'
import { Option, type Command } from 'commander'

import type { ConnectOptions, ProtocolChoice } from '../connect.ts'

/** The options of a command that say where it connects to. */
export interface ConnectionFlags {
  protocol?: ProtocolChoice
  region?: Region
  workspace?: string
  baseUrl?: string
  model: ModelId
}

const regions = [
  'beijing',
  'singapore',
  'virginia',
  'frankfurt',
  'tokyo',
  'hongkong',
  'finance',
] as const satisfies readonly Region[]

/** Adds the options that every command with a connection has. */
export function addConnectionOptions(command: Command): Command {
  return command
    .addOption(
      new Option('-m, --model <id>', 'the model').default(
        process.env['DUALSCOPE_MODEL'] || 'kimi-k2.5',
        '$DUALSCOPE_MODEL, else kimi-k2.5',
      ),
    )
    .addOption(new Option('-r, --region <name>', 'the region of the key (default: beijing)').choices(regions))
    .option('-w, --workspace <id>', 'the workspace id, which some regions need')
    .option('--base-url <url>', 'the address of the service (default: $DASHSCOPE_BASE_URL, else that of the region)')
}

/** Creates the option for the protocol. */
export function protocolOption(): Option {
  return new Option(
    '-p, --protocol <name>',
    'compatible, dashscope, or both with a comma: fallback order (default: $DUALSCOPE_PROTOCOL, else compatible)',
  )
}

/** Turns the options of a command into those of a client. */
export function connectOptions({ protocol, region, workspace, baseUrl, model }: ConnectionFlags): ConnectOptions {
  return { protocol, region, workspace, baseUrl, model }
}
