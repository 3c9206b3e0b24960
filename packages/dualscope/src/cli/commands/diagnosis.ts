import { modelInfo, type ModelId } from '@dualscope/core'

import { connect, type ConnectOptions } from '../../connect.ts'
import type { Check } from '../checks.ts'
import { adviceOn, describe } from '../errors.ts'

/** Whether this Node is one that the packages are made for. */
export function checkNode(): Check {
  const { node } = process.versions
  const [major = 0, minor = 0] = node.split('.').map(Number)
  const told = `Node ${node}`
  if (major > 22 || (major === 22 && minor >= 12)) return { name: 'runtime', state: 'ok', told }
  return { name: 'runtime', state: 'failed', told: `${told} is too old`, todo: 'Install Node 22.12 or later.' }
}

/** Where requests go, and by which setting. */
export function checkPlace({ region, baseUrl }: ConnectOptions): Check {
  const name = 'place'
  const proxy = ['HTTPS_PROXY', 'https_proxy'].find((variable) => process.env[variable])
  const told = placeOf({ region, baseUrl })
  if (proxy === undefined || process.env['NODE_USE_ENV_PROXY'] === '1') return { name, state: 'ok', told }
  return {
    name,
    state: 'warning',
    told: `${told}; ${proxy} is set, but Node does not use it by itself`,
    todo: 'If the proxy is the only way out, set NODE_USE_ENV_PROXY=1 (Node 24 or later).',
  }
}

function placeOf({ region, baseUrl }: ConnectOptions): string {
  if (baseUrl !== undefined) return 'the address of --base-url'
  if (region !== undefined) return `region ${region}, by --region`
  if (process.env['DASHSCOPE_BASE_URL']) return 'the address in DASHSCOPE_BASE_URL'
  return 'region beijing, the default'
}

/** Whether the catalogue knows the model, and whether it is still there. */
export function checkModel(model: ModelId): Check {
  const name = 'model'
  const info = modelInfo(model)
  if (!info) {
    return {
      name,
      state: 'warning',
      told: `${model} is not in the catalogue, so requests for it are not checked`,
      todo: 'Compare its name with `dualscope models`, if it is meant to be a Kimi model.',
    }
  }
  if (!info.retired) return { name, state: 'ok', told: model }
  const { on, successor } = info.retired
  return { name, state: 'warning', told: `${model} is offline since ${on}`, todo: `Use ${successor}.` }
}

/** Whether the service answers over a protocol, shown by a call of a few tokens. */
export async function checkProtocol(
  protocol: 'compatible' | 'dashscope',
  options: ConnectOptions,
  signal: AbortSignal,
): Promise<Check> {
  let address = ''
  const client = connect({
    ...options,
    protocol,
    retries: 0,
    timeout: 30_000,
    onRequest: ({ url }) => {
      address = ` at ${url}`
    },
  })
  const start = performance.now()
  try {
    const messages = [{ role: 'user', content: 'Say OK.' } as const]
    const { usage } = await client.chat({ messages, maxTokens: 16 }, { signal })
    const time = Math.round(performance.now() - start)
    const tokens = usage ? `, for ${usage.totalTokens} tokens` : ''
    return { name: protocol, state: 'ok', told: `answered in ${time} ms${tokens}${address}` }
  } catch (error) {
    signal.throwIfAborted()
    return { name: protocol, state: 'failed', told: `${describe(error)}${address}`, todo: adviceOn(error).todo }
  }
}
