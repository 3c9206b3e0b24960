import {
  ApiError,
  DualscopeError,
  estimateCost,
  type ChatResult,
  type ChatStream,
  type CostEstimate,
  type Region,
} from '@dualscope/core'

import { Interrupted } from '../interrupt.ts'
import { style, textFor, write, writeJson } from './terminal.ts'
import type { UploadProgress } from './upload-progress.ts'

/** Shows an answer as it arrives: the text on stdout, everything else on stderr. */
export async function showText(
  answer: ChatStream,
  progress: UploadProgress,
  region: Region | undefined,
): Promise<void> {
  const { stdout, stderr } = process
  let thinking = false
  let text = ''
  const endLine = async () => {
    if (thinking) await write(stderr, '\n\n')
    if (text !== '' && !text.endsWith('\n')) await write(stdout, '\n')
    thinking = false
  }
  try {
    for await (const event of answer) {
      progress.clear()
      if (event.type === 'reasoning-delta') {
        thinking = true
        await write(stderr, style(stderr, 'dim', textFor(stderr, event.delta)))
      } else if (event.type === 'text-delta') {
        if (thinking) await endLine()
        text = event.delta
        await write(stdout, textFor(stdout, event.delta))
      }
    }
    await endLine()
    const result = await answer.result()
    await write(
      stderr,
      `${text === '' ? '' : '\n'}${style(stderr, 'dim', textFor(stderr, describeSpent(result, region)))}\n`,
    )
  } catch (error) {
    progress.clear()
    await endLine()
    const partial = answer.snapshot()
    if (error instanceof Interrupted) await write(stderr, `\n${textFor(stderr, describePartial(partial, region))}\n`)
    else if (partial.usage)
      await write(stderr, `${style(stderr, 'dim', textFor(stderr, describeSpent(partial, region)))}\n`)
    throw error
  }
}

/**
 * Prints an answer for a program, on stdout: the result as one line of JSON, or each event as a line and the result last. The
 * result includes its `cost`, and `interrupted` if it was; an error is JSON too.
 */
export async function showJson(
  answer: ChatStream,
  progress: UploadProgress,
  { events, region }: { events: boolean; region: Region | undefined },
): Promise<void> {
  const { stdout } = process
  const writeResult = (result: object) => writeJson(stdout, events ? { type: 'result', result } : result)
  try {
    for await (const event of answer) {
      progress.clear()
      if (events) await writeJson(stdout, event)
    }
    const result = await answer.result()
    await writeResult({ ...result, cost: costOf(result, region) })
  } catch (error) {
    progress.clear()
    if (error instanceof Interrupted) await writeResult({ ...answer.snapshot(), interrupted: true })
    else await writeJson(stdout, { ...(events ? { type: 'error' } : {}), error: errorAsJson(error) })
    throw error
  }
}

/** Turns an error into JSON for programs. */
function errorAsJson(error: unknown): object {
  if (!(error instanceof DualscopeError)) return { message: String(error) }
  const { code, message, partial } = error
  if (!(error instanceof ApiError)) return { code, message, partial }
  const { status, serviceCode, requestId, protocol, retryable, retryAfter } = error
  return { code, message, status, serviceCode, requestId, protocol, retryable, retryAfter, partial }
}

const count = new Intl.NumberFormat('en')
function tokens(number: number, what: string) {
  return `${count.format(number)} ${what}`
}

/** Returns the cost of an answer, if its usage and its price in the region are known. */
function costOf({ usage, model }: ChatResult, region: Region | undefined): CostEstimate | undefined {
  return usage && estimateCost(usage, model, { region })
}

/** Describes usage, cost, model and protocol of an answer in a line. */
function describeSpent(result: ChatResult, region: Region | undefined): string {
  const { usage, model, protocol, finishReason } = result
  const parts = [
    usage ? describeUsage(usage) : 'usage unknown',
    describeCost(costOf(result, region)),
    `${model} over ${protocol}`,
  ]
  if (finishReason === 'length') parts.push('cut by a token limit')
  return parts.join(' · ')
}

/** Describes an interrupted answer. The service states the usage of most streams only at their end. */
function describePartial(result: ChatResult, region: Region | undefined): string {
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
  const amount = new Intl.NumberFormat('en', { style: 'currency', currency, maximumSignificantDigits: 3 })
  if (cache === 0) return `about ${amount.format(total)}`
  const difference = `${amount.format(Math.abs(saved))} ${saved < 0 ? 'more than' : 'saved over'} no cache`
  return `about ${amount.format(total)} (cache ${amount.format(cache)}, ${difference})`
}
