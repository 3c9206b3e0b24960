import { knownModels, type ModelInfo, type TokenLimits } from '@dualscope/core'
import { Command } from 'commander'

import { style } from '../output/style.ts'
import { write, writeJson } from '../output/write.ts'

/** `dualscope models`: the catalogue. */
export function modelsCommand(): Command {
  return new Command('models')
    .description('list the models of the catalogue: what they read, how much, and what they cost')
    .option('--json', 'every row whole, as one line of JSON')
    .action(models)
}

const columns = ['model', 'thinks', 'reads', 'context', 'answer', 'per 1M in / out', 'natively', '']

async function models({ json }: { json?: boolean }): Promise<void> {
  const { stdout } = process
  if (json) return writeJson(stdout, knownModels)
  const { default: Table } = await import('cli-table3')
  const table = new Table({
    head: columns.map((name) => style(stdout, 'bold', name)),
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 2 },
    chars: borderless,
  })
  table.push(
    ...knownModels.map((model) => row(model).map((cell) => (model.retired ? style(stdout, 'dim', cell) : cell))),
  )
  const lines = table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
  await write(stdout, `${lines.join('\n')}\n`)
}

function row(model: ModelInfo): string[] {
  const { id, thinking, inputs, limits, price, service, retired } = model
  const [first, ...others] = [limits.thinking, limits.nonThinking].filter((limit) => limit !== undefined)
  const most = (key: 'contextWindow' | 'maxOutput') =>
    first ? thousands(Math.max(...[first, ...others].map((limit: TokenLimits) => limit[key]))) : '–'
  return [
    id,
    thinking === 'optional' ? 'if asked' : thinking,
    inputs.join(', '),
    most('contextWindow'),
    most('maxOutput'),
    price ? `${price.input} / ${price.output} ${price.currency}` : '–',
    service?.replace('-generation', '') ?? '–',
    retired ? `offline since ${retired.on}: use ${retired.successor}` : '',
  ]
}

/** Tokens are counted by 1024 in the documents. */
function thousands(tokens: number): string {
  return `${Math.round(tokens / 1024)}k`
}

const borders =
  'top top-mid top-left top-right bottom bottom-mid bottom-left bottom-right left left-mid mid mid-mid right right-mid middle'
const borderless = Object.fromEntries(borders.split(' ').map((name) => [name, '']))
