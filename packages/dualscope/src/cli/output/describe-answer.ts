import { estimateCost, type ChatResult, type CostEstimate, type Region } from '@dualscope/core'

import { formatMoney } from './money.ts'

const count = new Intl.NumberFormat('en')
function tokens(number: number, what: string) {
  return `${count.format(number)} ${what}`
}

/** Returns the cost of an answer, if its usage and price are known. */
export function costOf({ usage, model }: ChatResult<unknown>, region: Region | undefined): CostEstimate | undefined {
  return usage && estimateCost(usage, model, { region })
}

/** Describes usage, cost, model and protocol of an answer in a line. */
export function describeSpent(result: ChatResult<unknown>, region: Region | undefined): string {
  const { usage, model, protocol, finishReason } = result
  const parts = [
    usage ? describeUsage(usage) : 'usage unknown',
    describeCost(costOf(result, region)),
    `${model} over ${protocol}`,
  ]
  if (finishReason === 'length') parts.push('ended by a token limit')
  return parts.join(' · ')
}

/** Describes an interrupted answer. The service states the usage of most streams only at their end. */
export function describePartial(result: ChatResult<unknown>, region: Region | undefined): string {
  if (result.usage) return `Interrupted after ${describeSpent(result, region)}`
  const { text, reasoning } = result
  if (text === '' && reasoning === '') return 'Interrupted before anything arrived.'
  return `Interrupted after ${count.format(reasoning.length)} characters of thinking and ${count.format(text.length)} of the answer; the service had not stated the usage yet, and bills what it wrote.`
}

function describeUsage(usage: NonNullable<ChatResult['usage']>): string {
  const read = [
    ...(usage.cachedTokens ? [tokens(usage.cachedTokens, 'cached')] : []),
    ...(usage.imageTokens ? [tokens(usage.imageTokens, 'for images')] : []),
    ...(usage.videoTokens ? [tokens(usage.videoTokens, 'for video')] : []),
  ]
  const written = usage.reasoningTokens ? [tokens(usage.reasoningTokens, 'thinking')] : []
  return `${tokens(usage.inputTokens, 'tokens in')}${inBrackets(read)}, ${tokens(usage.outputTokens, 'out')}${inBrackets(written)}`
}

function inBrackets(parts: readonly string[]) {
  return parts.length > 0 ? ` (${parts.join(', ')})` : ''
}

function describeCost(cost: CostEstimate | undefined): string {
  if (!cost) return 'price unknown'
  const { currency, total, cache, saved } = cost
  if (cache === 0) return `about ${formatMoney(total, currency)}`
  const difference = `${formatMoney(Math.abs(saved), currency)} ${saved < 0 ? 'more than' : 'saved over'} no cache`
  return `about ${formatMoney(total, currency)} (cache ${formatMoney(cache, currency)}, ${difference})`
}
