import type { Usage } from '@dualscope/core'

import type { Service } from '../protocol.ts'
import { type Answer, assemble, type Piece, type WholeToolCall } from './answer.ts'
import { errorBody, type Refusal } from './error-body.ts'
import { dashscopeUsage, type Wire } from './usage.ts'

/** The shape of a native answer. */
export interface DashscopeShape {
  service: Service
  /** `text` puts the answer into `output.text`; only on text-generation. */
  resultFormat: 'message' | 'text'
}

function toolCallOf({ index, id, name, arguments: json }: WholeToolCall): Wire {
  return {
    function: { name, arguments: json },
    index,
    id,
    type: 'function',
  }
}

function searchOf(sources: Answer['sources'], first: boolean): Wire | undefined {
  return (
    sources && {
      search_results: first
        ? sources.map(({ title, url, siteName, icon, index }) => ({ site_name: siteName, icon, index, title, url }))
        : [],
      extra_tool_info: [],
    }
  )
}

function contentOf(text: string, service: Service) {
  return service === 'text-generation' ? text : text === '' ? [] : [{ text }]
}

function usageOf(usage: Usage | undefined, shape: DashscopeShape, searched: boolean): Wire | undefined {
  return (
    usage && {
      ...dashscopeUsage(usage, shape.service),
      plugins: searched ? { search: { count: 1, strategy: 'turbo' } } : undefined,
    }
  )
}

/** Creates the JSON body of a whole answer. */
export function respondDashscope(answer: Answer, shape: DashscopeShape): Wire {
  const { reasoning, text, toolCalls } = assemble(answer.pieces)
  const finish_reason = answer.finishReason ?? 'null'
  const message = {
    content: contentOf(text, shape.service),
    reasoning_content: answer.thinking ? reasoning : undefined,
    role: 'assistant',
    tool_calls: toolCalls.length > 0 ? toolCalls.map(toolCallOf) : undefined,
  }
  return {
    output: {
      ...(shape.resultFormat === 'text'
        ? { finish_reason, text }
        : { choices: [{ finish_reason, message, logprobs: answer.logprobs }] }),
      search_info: searchOf(answer.sources, true),
    },
    usage: usageOf(answer.usage, shape, answer.sources !== undefined),
    request_id: answer.id,
  }
}

function frame(id: number, data: Wire, event = 'result', status = 200) {
  return `id:${id}\nevent:${event}\n:HTTP_STATUS/${status}\ndata:${JSON.stringify(data)}\n\n`
}

/** Creates the message of an incremental frame. */
function incrementalMessage({ reasoning, text = '', toolCall }: Piece, thinking: boolean, service: Service): Wire {
  return {
    content: contentOf(text, service),
    // Recorded: with thinking, every frame of text-generation has it, and only frames with reasoning of multimodal-generation.
    reasoning_content: reasoning ?? (thinking && service === 'text-generation' ? '' : undefined),
    tool_calls: toolCall && [
      {
        index: toolCall.index,
        id: toolCall.id ?? '',
        type: 'function',
        function: { name: toolCall.name, arguments: toolCall.arguments },
      },
    ],
    role: 'assistant',
  }
}

/** Creates the message of a frame that repeats the answer so far. */
function cumulativeMessage(pieces: readonly Piece[], thinking: boolean, service: Service): Wire {
  const { reasoning, text, toolCalls } = assemble(pieces)
  return {
    content: contentOf(text, service),
    reasoning_content: thinking ? reasoning : undefined,
    tool_calls: toolCalls.length > 0 ? toolCalls.map(toolCallOf) : undefined,
    role: 'assistant',
  }
}

function share(total: number, part: number, whole: number) {
  return Math.ceil((total * part) / Math.max(whole, 1))
}

/** Returns the usage so far: it grows with the frames, and the last one is final. */
function usageSoFar(answer: Answer, count: number): Usage | undefined {
  const { usage, pieces } = answer
  if (!usage || count >= pieces.length) return usage
  const reasoned = pieces.filter(({ reasoning }) => reasoning !== undefined).length
  const reasoningTokens = share(usage.reasoningTokens ?? 0, Math.min(count, reasoned), reasoned)
  const rest = usage.outputTokens - (usage.reasoningTokens ?? 0)
  const outputTokens = reasoningTokens + share(rest, Math.max(count - reasoned, 0), pieces.length - reasoned)
  return {
    ...usage,
    outputTokens,
    totalTokens: usage.inputTokens + outputTokens,
    ...(usage.reasoningTokens === undefined ? {} : { reasoningTokens }),
  }
}

/**
 * Creates the frames of a stream: `id`, `event`, a comment with the status and `data`, without a space after the colons. The
 * stream ends with a finish reason that is not the string "null".
 */
export function streamDashscope(answer: Answer, shape: DashscopeShape, incremental: boolean): string[] {
  const { pieces, thinking } = answer
  const { service } = shape
  // Recorded: the last frame of text-generation is empty, that of multimodal-generation and of tool calls is not.
  const ends = answer.finishReason !== null
  const lone = pieces.length === 0 || (ends && service === 'text-generation' && !pieces.at(-1)?.toolCall)
  const steps: readonly Piece[] = lone ? [...pieces, {}] : pieces
  return steps.map((piece, index) => {
    const finish_reason = index === steps.length - 1 ? (answer.finishReason ?? 'null') : 'null'
    const shown = steps.slice(0, index + 1)
    const text = incremental ? (piece.text ?? '') : assemble(shown).text
    const message = incremental
      ? incrementalMessage(piece, thinking, service)
      : cumulativeMessage(shown, thinking, service)
    const choice = { message, finish_reason, logprobs: index === 0 ? answer.logprobs : undefined }
    return frame(index + 1, {
      output: {
        ...(shape.resultFormat === 'text' ? { finish_reason, text } : { choices: [choice] }),
        search_info: searchOf(answer.sources, index === 0),
      },
      usage: usageOf(usageSoFar(answer, index + 1), shape, answer.sources !== undefined),
      request_id: answer.id,
    })
  })
}

/** Creates an error inside a stream. Only the comment has its status. */
export function errorFrameDashscope(refusal: Refusal, id: number): string {
  return frame(id, errorBody('dashscope', refusal), 'error', refusal.status)
}
