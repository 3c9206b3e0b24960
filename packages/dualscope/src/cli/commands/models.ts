import { knownModels, type ModelInfo } from '@dualscope/core'
import { Command } from 'commander'

import { style, write, writeJson } from '../output/terminal.ts'

/** `dualscope models`: prints the catalogue. */
export function modelsCommand(): Command {
  return new Command('models')
    .description('list the models of the catalogue: inputs, limits and prices')
    .option('--json', 'print every row as one line of JSON')
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
  const { id, thinking, inputs, limits, prices, service, retired } = model
  const [price] = prices
  const most = (key: 'contextWindow' | 'maxOutput') => thousands([limits.thinking?.[key], limits.nonThinking?.[key]])
  return [
    id,
    thinking === 'optional' ? 'if asked' : thinking,
    inputs.join(', '),
    most('contextWindow'),
    most('maxOutput'),
    price ? `${price.input} / ${price.output} ${price.currency}` : '–',
    service?.replace('-generation', '') ?? '–',
    retired ? `taken offline on ${retired.on}: use ${retired.successors.join(', ')}` : '',
  ]
}

/** Writes the largest of several numbers of tokens in units of 1024, as the documents do. */
function thousands(numbers: readonly (number | undefined)[]): string {
  const tokens = Math.max(...numbers.map((number = 0) => number))
  return tokens > 0 ? `${Math.round(tokens / 1024)}k` : '–'
}

const borders =
  'top top-mid top-left top-right bottom bottom-mid bottom-left bottom-right left left-mid mid mid-mid right right-mid middle'
const borderless = Object.fromEntries(borders.split(' ').map((name) => [name, '']))
