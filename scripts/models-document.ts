import { knownModels, type ModelInfo, type Price, type TokenLimits } from '../packages/core/src/index.ts'
import { regions } from '../packages/core/src/models/model-info.ts'
import { resolveEndpoint } from '../packages/core/src/service/endpoint.ts'
import { listFacts } from './facts.ts'

/** Writes docs/models.md out of the catalogue. */
export function renderModels(): string {
  return `# Models

The catalogue of \`modelInfo(id)\` and \`npx dualscope models\`. Requests to these models are checked against their row before they are sent; every
other id is permitted and goes out unchecked. This page is written by \`node scripts/write-models.ts\`.

## Abilities

${renderTable(
  ['model', 'thinks', 'reads', 'cache', 'regions', 'retired'],
  knownModels.map((model) => [
    `\`${model.id}\``,
    model.thinking === 'optional' ? 'on request' : model.thinking,
    model.inputs.join(', '),
    model.cache
      ? withMark(model.cache.kinds.join(', '), model.cache)
      : model.features.contextCache
        ? 'kind unknown'
        : 'no',
    model.regions.names.join(', '),
    model.retired ? `${model.retired.on}; use ${model.retired.successors.join(', ')}` : '',
  ]),
)}

A † marks facts that no document of Model Studio states, only lists kept by others. No request is refused because of them.

## Limits, in tokens

${renderTable(
  ['model', 'mode', 'context', 'longest input', 'reasoning', 'answer'],
  knownModels.flatMap(({ id, limits }) => [
    ...limitRow(id, 'thinking', limits.thinking),
    ...limitRow(id, 'not thinking', limits.nonThinking),
  ]),
)}

The other models have no printed limits: the later editions of the page leave them to the console.

## Prices of a million tokens

${renderTable(
  ['model', 'region', 'input', 'output', 'cache write', 'explicit hit', 'implicit hit'],
  knownModels.flatMap((model) => model.prices.map((price) => priceRow(model, price))),
)}

A price in italics is computed: writing to the cache costs 125 % of input, an explicit hit 10 %, an implicit one 20 % ("Context
Cache", 2026-10-11). \`estimateCost(usage, model, { region, currency })\` uses the first price that fits, and counts the cache. The documents print
no other price for images or video of these models, and no discount for batches.

A request has at most 4 marks (\`cache: true\`). A prefix below 1,024 tokens is not kept, and one that is kept lives for 5 minutes after its last
use. One request uses either its marks or the cache of the service, never both; \`usage.cacheType\` states which, where the service does.

## Hosts

${renderTable(
  ['region', 'with a workspace, as recommended', 'without, for older programs'],
  regions.map((region) => [region, hostOf({ region, workspace: 'WORKSPACE' }), hostOf({ region })]),
)}

\`workspace: 'trial'\` is the trial host of a region, for quick tests with lower rate limits ("Base URL overview", 2026-10-11). A key belongs to
one region: \`npx dualscope doctor --all-regions\` finds out which.

## Sources

${renderTable(
  ['source', 'edition', 'for'],
  [...Map.groupBy(listFacts(), ({ source, date, thirdParty }) => `${source}${thirdParty ? ' †' : ''}|${date}`)].map(
    ([key, facts]) => [
      ...key.split('|'),
      [...new Set(facts.map(({ model, part }) => `${model} (${part})`))].join(', '),
    ],
  ),
)}

\`node scripts/list-old-facts.ts 2026-06-01\` lists what is older than a date.
`
}

function limitRow(id: string, mode: string, limits: TokenLimits | undefined): string[][] {
  if (!limits) return []
  const { contextWindow, maxInput, maxReasoning, maxOutput } = limits
  const cells = [contextWindow, maxInput, maxReasoning, maxOutput].map((tokens) => tokens?.toLocaleString('en') ?? '')
  return [[`\`${id}\``, withMark(mode, limits), ...cells]]
}

function priceRow({ id }: ModelInfo, price: Price): string[] {
  const { region, currency, input, output, cacheWrite, cacheHit, implicitHit } = price
  const amount = (value: number) => `${Number(value.toPrecision(4))} ${currency}`
  const share = (printed: number | undefined, part: number) =>
    printed === undefined ? `_${amount(input * part)}_` : amount(printed)
  const cache = [share(cacheWrite, 1.25), share(cacheHit, 0.1), share(implicitHit, 0.2)]
  return [`\`${id}\``, withMark(region, price), amount(input), amount(output), ...cache]
}

function withMark(text: string, { thirdParty }: { thirdParty?: true }): string {
  return thirdParty ? `${text} †` : text
}

function hostOf(place: Parameters<typeof resolveEndpoint>[0]): string {
  try {
    const { host } = new URL(resolveEndpoint(place))
    // A region without hosts for workspaces has one host for all.
    if (place.workspace !== undefined && !host.startsWith('workspace.')) return 'none'
    return `\`${host.replace('workspace', '{workspace}')}\``
  } catch {
    return 'none'
  }
}

function renderTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}
