import type { Usage } from '@dualscope/core'

import type { Conversation } from '../rules/conversation.ts'
import { assemble, type Answer, type Piece } from '../wire/answer.ts'
import type { AnswerScenario, ScenarioToolCall } from './scenario.ts'

function cut(text: string | readonly string[] | undefined): readonly string[] {
  return typeof text === 'string' ? (text.match(/.{1,12}/gsu) ?? []) : (text ?? [])
}

function cutToolCall(call: ScenarioToolCall, index: number, id: string): Piece[] {
  const [first = '', ...others] = cut(call.arguments ?? '{}')
  return [
    {
      toolCall: {
        index,
        id: call.id ?? `call_${id.replaceAll('-', '').slice(-22)}${index}`,
        name: call.name,
        arguments: first,
      },
    },
    ...others.map((text) => ({ toolCall: { index, arguments: text } })),
  ]
}

function tokens(text: string) {
  return Math.ceil(text.length / 4)
}

/** Estimates the input: a token for four characters, 1,000 for an image, 4,000 for a video. */
export function estimateInput(conversation: Conversation) {
  const media = conversation.turns.flatMap((turn) => turn.media)
  const imageTokens = media.filter(({ type }) => type === 'image').length * 1000
  const videoTokens = (media.length - imageTokens / 1000) * 4000
  const textTokens = conversation.turns.reduce((sum, turn) => sum + 4 + tokens(turn.text), 0)
  return { inputTokens: textTokens + imageTokens + videoTokens, imageTokens, videoTokens }
}

/** Estimates the usage of an answer, with four characters for each token. */
function estimateUsage(conversation: Conversation, pieces: readonly Piece[]): Usage {
  const { reasoning, text, toolCalls } = assemble(pieces)
  const { inputTokens, imageTokens, videoTokens } = estimateInput(conversation)
  const reasoningTokens = tokens(reasoning)
  const outputTokens = reasoningTokens + tokens(text + toolCalls.map((call) => call.arguments).join(''))
  return {
    inputTokens,
    outputTokens,
    totalTokens: inputTokens + outputTokens,
    ...(conversation.thinking ? { reasoningTokens } : {}),
    cachedTokens: 0,
    ...(imageTokens > 0 ? { imageTokens } : {}),
    ...(videoTokens > 0 ? { videoTokens } : {}),
  }
}

/** Fills in the fields that a scenario leaves open. `id` is the id of the exchange. */
export function prepareAnswer(scenario: AnswerScenario, conversation: Conversation, id: string): Answer {
  const calls = scenario.toolCalls ?? []
  const pieces: Piece[] = [
    ...cut(scenario.reasoning).map((reasoning) => ({ reasoning })),
    ...cut(scenario.text).map((text) => ({ text })),
    ...calls.flatMap((call, index) => cutToolCall(call, index, id)),
  ]
  const { finishReason = calls.length > 0 ? 'tool-calls' : 'stop', usage } = scenario
  return {
    id: scenario.id ?? id,
    model: scenario.model ?? conversation.model,
    thinking: conversation.thinking || scenario.reasoning !== undefined,
    pieces,
    finishReason: finishReason === 'tool-calls' ? 'tool_calls' : finishReason,
    usage: usage === null ? undefined : (usage ?? estimateUsage(conversation, pieces)),
    sources: scenario.sources,
    logprobs: scenario.logprobs,
  }
}
