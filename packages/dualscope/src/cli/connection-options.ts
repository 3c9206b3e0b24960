import type { ModelId, Region } from '@dualscope/core'
import { Option, type Command } from 'commander'

import type { ConnectOptions, ProtocolChoice } from '../connect.ts'

/** The options for the address of the service. */
export interface PlaceFlags {
  region?: Region
  workspace?: string
  baseUrl?: string
}

/** The options of a command for its connection. */
export interface ConnectionFlags extends PlaceFlags {
  protocol?: ProtocolChoice
  model: ModelId
}

/** The regions that can be named, the default first. */
export const regions = [
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
  return addPlaceOptions(
    command.addOption(
      new Option('-m, --model <id>', 'the model').default(
        process.env['DUALSCOPE_MODEL'] || 'kimi-k2.5',
        '$DUALSCOPE_MODEL, else kimi-k2.5',
      ),
    ),
  )
}

/** Adds the options for the address of the service. */
export function addPlaceOptions(command: Command): Command {
  return command
    .addOption(new Option('-r, --region <name>', 'the region of the key (default: beijing)').choices(regions))
    .option('-w, --workspace <id>', 'the workspace id, which some regions need; `trial` for quick tests')
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
