import type { ModelId, Region } from '@dualscope/core'
import { Option, type Command } from 'commander'

import type { ConnectOptions } from '../connect.ts'

/** Where a command connects to, as its options say. */
export interface ConnectionFlags {
  protocol?: string
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

/** The options that every command with a connection has. */
export function addConnectionOptions(command: Command): Command {
  return command
    .addOption(new Option('-m, --model <id>', 'the model').default('kimi-k2.5'))
    .addOption(new Option('-r, --region <name>', 'where the key belongs (default: beijing)').choices(regions))
    .option('-w, --workspace <id>', 'the workspace, which some regions need')
    .option('--base-url <url>', 'another address of the service (default: $DASHSCOPE_BASE_URL, else the region’s)')
}

/** The protocol, where a command takes one. */
export function protocolOption(): Option {
  return new Option(
    '-p, --protocol <name>',
    'compatible, dashscope, or both with a comma: fallback order (default: $DUALSCOPE_PROTOCOL, else compatible)',
  )
}

/** The flags as options of a client. */
export function connectOptions({ protocol, region, workspace, baseUrl, model }: ConnectionFlags): ConnectOptions {
  return { protocol, region, workspace, baseUrl, model }
}
