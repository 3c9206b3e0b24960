import { estimateCost, type ChatResult, type CostEstimate } from '@dualscope/core'

const count = new Intl.NumberFormat('en')
function tokens(number: number, what: string) {
  return `${count.format(number)} ${what}`
}

/** The cost of an answer, where tokens and price are known. */
export function costOf({ usage, model }: ChatResult): CostEstimate | undefined {
  return usage && estimateCost(usage, model)
}

/** What an answer took, in a line: tokens, cost, model, protocol. */
export function describeSpent(result: ChatResult): string {
  const { usage, model, protocol, finishReason } = result
  const parts = [
    usage ? describeUsage(usage) : 'no usage told',
    describeCost(costOf(result)),
    `${model} over ${protocol}`,
  ]
  if (finishReason === 'length') parts.push('cut by a limit of tokens')
  return parts.join(' · ')
}

/** What had come of an answer that was interrupted; the service tells the tokens of most streams at their end only. */
export function describePartial(result: ChatResult): string {
  if (result.usage) return `Interrupted after ${describeSpent(result)}`
  const { text, reasoning } = result
  if (text === '' && reasoning === '') return 'Interrupted before anything came.'
  return `Interrupted after ${count.format(reasoning.length)} characters of thinking and ${count.format(text.length)} of the answer; the service had not told its usage yet, and bills what it wrote.`
}

function describeUsage(usage: NonNullable<ChatResult['usage']>): string {
  const read = [
    ...(usage.cachedTokens ? [tokens(usage.cachedTokens, 'cached')] : []),
    ...(usage.imageTokens ? [tokens(usage.imageTokens, 'of pictures')] : []),
    ...(usage.videoTokens ? [tokens(usage.videoTokens, 'of video')] : []),
  ]
  const written = usage.reasoningTokens ? [tokens(usage.reasoningTokens, 'thinking')] : []
  return `${tokens(usage.inputTokens, 'tokens in')}${inBrackets(read)}, ${tokens(usage.outputTokens, 'out')}${inBrackets(written)}`
}

function inBrackets(parts: readonly string[]) {
  return parts.length > 0 ? ` (${parts.join(', ')})` : ''
}

function describeCost(cost: CostEstimate | undefined): string {
  if (!cost) return 'no price known'
  const { currency, total } = cost
  const amount = new Intl.NumberFormat('en', { style: 'currency', currency, maximumSignificantDigits: 3 })
  return `about ${amount.format(total)}`
}
