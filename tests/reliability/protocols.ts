import { compatible } from '@dualscope/compatible'
import type { Transport, TransportOptions } from '@dualscope/core'
import { dashscope } from '@dualscope/dashscope'

/** The bytes of one protocol's answers, as wire-level fixtures print them. */
export interface ProtocolBytes {
  name: 'compatible' | 'dashscope'
  connect: (options: TransportOptions) => Transport
  /** Frames of a stream. */
  text(delta: string): string
  reasoning(delta: string): string
  finish(): string
  /** The bytes after the finishing frame. */
  terminator: string
  /** A refusal inside a stream. */
  errorFrame(status: number, code: string, message: string): string
  /** A whole answer, not streamed. */
  answer(text: string): string
  /** The body of a refusal. */
  refusal(code: string, message: string): string
}

const requestId = 'req-1'

function completion(choices: object[]) {
  return JSON.stringify({ id: 'chatcmpl-1', model: 'kimi-k2.5', choices, usage: null })
}
function event(delta: object, finish: string | null = null) {
  return `data: ${completion([{ index: 0, delta, finish_reason: finish }])}\n\n`
}

const compatibleBytes: ProtocolBytes = {
  name: 'compatible',
  connect: compatible,
  text: (delta) => event({ content: delta }),
  reasoning: (delta) => event({ content: null, reasoning_content: delta }),
  finish: () => event({ content: '' }, 'stop'),
  terminator: 'data: [DONE]\n\n',
  errorFrame: (_, code, message) => `data: ${compatibleBytes.refusal(code, message)}\n\n`,
  answer: (text) => completion([{ index: 0, message: { role: 'assistant', content: text }, finish_reason: 'stop' }]),
  refusal: (code, message) =>
    JSON.stringify({ error: { message, type: code, param: null, code }, request_id: requestId }),
}

function frame(kind: string, status: number, data: string) {
  return `id:1\nevent:${kind}\n:HTTP_STATUS/${status}\ndata:${data}\n\n`
}
function generation(message: object, finish: string) {
  return JSON.stringify({ output: { choices: [{ message, finish_reason: finish }] }, usage: {}, request_id: requestId })
}

const dashscopeBytes: ProtocolBytes = {
  name: 'dashscope',
  connect: dashscope,
  text: (delta) => frame('result', 200, generation({ role: 'assistant', content: [{ text: delta }] }, 'null')),
  reasoning: (delta) =>
    frame('result', 200, generation({ role: 'assistant', content: [], reasoning_content: delta }, 'null')),
  finish: () => frame('result', 200, generation({ role: 'assistant', content: [] }, 'stop')),
  terminator: '',
  errorFrame: (status, code, message) => frame('error', status, dashscopeBytes.refusal(code, message)),
  answer: (text) => generation({ role: 'assistant', content: [{ text }] }, 'stop'),
  refusal: (code, message) => JSON.stringify({ code, message, request_id: requestId }),
}

/** Both protocols. */
export const protocols: readonly ProtocolBytes[] = [compatibleBytes, dashscopeBytes]
