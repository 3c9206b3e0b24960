import { type Answer, assemble, type Piece } from './answer.ts'
import type { Refusal } from './error-body.ts'
import { compatibleUsage, type Wire } from './usage.ts'

// Fixed, so that answers can be compared.
const created = 1_770_000_000

function prefixed(id: string) {
  return id.startsWith('chatcmpl-') ? id : `chatcmpl-${id}`
}

/** Creates the JSON body of a whole answer. */
export function respondCompatible(answer: Answer): Wire {
  const { reasoning, text, toolCalls } = assemble(answer.pieces)
  return {
    choices: [
      {
        message: {
          content: text,
          reasoning_content: answer.thinking ? reasoning : undefined,
          role: 'assistant',
          tool_calls:
            toolCalls.length > 0
              ? toolCalls.map(({ index, id, name, arguments: text }) => ({
                  function: { name, arguments: text },
                  index,
                  id,
                  type: 'function',
                }))
              : undefined,
        },
        finish_reason: answer.finishReason,
        index: 0,
        logprobs: answer.logprobs ?? null,
      },
    ],
    object: 'chat.completion',
    usage: answer.usage && compatibleUsage(answer.usage),
    created,
    system_fingerprint: null,
    model: answer.model,
    id: prefixed(answer.id),
  }
}

function deltaOf({ reasoning, text, toolCall }: Piece, thinking: boolean): Wire {
  if (reasoning !== undefined) return { content: null, reasoning_content: reasoning, role: 'assistant' }
  if (!toolCall) return { content: text, reasoning_content: thinking ? null : undefined }
  const { index, id, name, arguments: json } = toolCall
  // Recorded: pieces after the first have an empty id and no name.
  return {
    content: null,
    tool_calls: [{ index, id: id ?? '', type: 'function', function: { name, arguments: json } }],
    role: id === undefined ? undefined : 'assistant',
  }
}

function frame(data: Wire) {
  return `data: ${JSON.stringify(data)}\n\n`
}

/** Creates the frames of a stream: `data:` lines with one space after the colon, blank lines, and `[DONE]` at the end. */
export function streamCompatible(answer: Answer, includeUsage: boolean): string[] {
  const chunk = (choices: readonly Wire[], usage: Wire | null = null) =>
    frame({
      choices,
      object: 'chat.completion.chunk',
      usage,
      created,
      system_fingerprint: null,
      model: answer.model,
      id: prefixed(answer.id),
    })
  const choice = (delta: Wire, finishReason: string | null = null, logprobs: unknown = null) =>
    chunk([{ delta, finish_reason: finishReason, index: 0, logprobs }])
  const firstText = answer.pieces.findIndex(({ text }) => text !== undefined)
  return [
    choice({ content: '', role: 'assistant' }),
    ...answer.pieces.map((piece, index) =>
      choice(deltaOf(piece, answer.thinking), null, index === firstText ? (answer.logprobs ?? null) : null),
    ),
    ...(answer.finishReason === null ? [] : [choice({}, answer.finishReason)]),
    ...(includeUsage && answer.usage ? [chunk([], compatibleUsage(answer.usage))] : []),
    'data: [DONE]\n\n',
  ]
}

/** Creates an error inside a stream, which ends it. */
export function errorFrameCompatible({ code, message }: Refusal): string {
  return frame({ error: { code, param: null, message, type: code } })
}
