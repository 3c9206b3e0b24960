import { modelInfo, type ModelId } from '@dualscope/core'

import { connect, type ConnectOptions } from '../../connect.ts'
import type { Check } from '../checks.ts'
import { adviceOn, describe } from '../errors.ts'
import { isSupportedNode } from '../node-version.ts'

/** Checks whether this version of Node is supported. */
export function checkNode(): Check {
  const { node } = process.versions
  const message = `Node ${node}`
  if (isSupportedNode(node)) return { name: 'runtime', state: 'ok', message }
  return { name: 'runtime', state: 'failed', message: `${message} is too old`, fix: 'Install Node 22.12 or later.' }
}

/** Reports the address of requests and the setting that chooses it, and checks the proxy. */
export function checkPlace({ region, baseUrl }: ConnectOptions): Check {
  const name = 'place'
  const proxy = ['HTTPS_PROXY', 'https_proxy'].find((variable) => process.env[variable])
  const message = placeOf({ region, baseUrl })
  if (proxy === undefined || process.env['NODE_USE_ENV_PROXY'] === '1') return { name, state: 'ok', message }
  return {
    name,
    state: 'warning',
    message: `${message}; ${proxy} is set, but Node does not use it by itself`,
    fix: 'If the proxy is the only way out, set NODE_USE_ENV_PROXY=1 (Node 24 or later).',
  }
}

function placeOf({ region, baseUrl }: ConnectOptions): string {
  if (baseUrl !== undefined) return 'the address of --base-url'
  if (region !== undefined) return `region ${region}, by --region`
  if (process.env['DASHSCOPE_BASE_URL']) return 'the address in DASHSCOPE_BASE_URL'
  return 'region beijing, the default'
}

/** Checks whether the catalogue has the model, and whether it is in service. */
export function checkModel(model: ModelId): Check {
  const name = 'model'
  const info = modelInfo(model)
  if (!info) {
    return {
      name,
      state: 'warning',
      message: `${model} is not in the catalogue, so requests for it are not checked`,
      fix: 'If it is a Kimi model, compare its name with `dualscope models`.',
    }
  }
  if (!info.retired) return { name, state: 'ok', message: model }
  const { on, successors } = info.retired
  return {
    name,
    state: 'warning',
    message: `${model} was taken offline on ${on}`,
    fix: `Use ${successors.join(', ')}.`,
  }
}

/** Checks whether the service answers over a protocol, with a call of a few tokens. */
export async function checkProtocol(
  protocol: 'compatible' | 'dashscope',
  options: ConnectOptions,
  signal: AbortSignal,
): Promise<Check> {
  let address: string | undefined
  const client = connect({
    ...options,
    protocol,
    retries: 0,
    timeout: 30_000,
    onRequest: ({ url }) => {
      address = url
    },
  })
  const start = performance.now()
  try {
    const messages = [{ role: 'user', content: 'Say OK.' } as const]
    const { usage } = await client.chat({ messages, maxTokens: 16 }, { signal })
    const time = Math.round(performance.now() - start)
    const tokens = usage ? `, for ${usage.totalTokens} tokens` : ''
    return { name: protocol, state: 'ok', message: withAddress(`answered in ${time} ms${tokens}`, address) }
  } catch (error) {
    signal.throwIfAborted()
    const { fix, exit } = adviceOn(error)
    const message = withAddress(describe(error), address)
    return { name: protocol, state: 'failed', message, fix: withoutDoctor(fix), exit }
  }
}

/** Adds the address of a request, unless the message already names its host. */
function withAddress(message: string, address: string | undefined): string {
  return address === undefined || message.includes(new URL(address).host) ? message : `${message} at ${address}`
}

/** Removes the advice to run the command that is running. */
function withoutDoctor(fix: string): string {
  return fix.replace(/; `dualscope doctor` .*$/, '.')
}
