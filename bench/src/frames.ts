import { answerOf, type Answer, type Deltas } from './deltas.ts'

/** The two HTTP protocols of Model Studio. */
export type Protocol = 'compatible' | 'native'

const model = 'kimi-k2.5'

/** A streamed answer as the service frames it, one text a frame. */
export function frames(protocol: Protocol, deltas: Deltas, options: { cumulative?: boolean } = {}): string[] {
  return protocol === 'compatible' ? compatibleFrames(deltas) : nativeFrames(deltas, options.cumulative ?? false)
}

/** A whole answer as the service writes it. */
export function answerBody(protocol: Protocol, text: string): string {
  const body =
    protocol === 'compatible'
      ? {
          choices: [{ message: { content: text, role: 'assistant' }, finish_reason: 'stop', index: 0, logprobs: null }],
          object: 'chat.completion',
          usage: { prompt_tokens: 8, completion_tokens: 183, total_tokens: 191 },
          created: 1762753998,
          system_fingerprint: null,
          model,
          id: 'chatcmpl-485ab490-90ec-48c3-85fa-1c732b683db2',
        }
      : {
          output: {
            choices: [{ finish_reason: 'stop', message: { role: 'assistant', content: [{ text }] } }],
          },
          usage: { input_tokens: 9, output_tokens: 156, total_tokens: 165 },
          request_id: '709a0697-ed1f-4298-82c9-a4b878da1849',
        }
  return JSON.stringify(body)
}

function event(data: object): string {
  return `data: ${JSON.stringify(data)}\n\n`
}

// Every event is one line and a blank one; the usage comes after the last choice, then the terminator.
function compatibleFrames(deltas: Deltas): string[] {
  const chunk = (delta: object, finishReason: string | null) =>
    event({
      choices: [{ delta, finish_reason: finishReason, index: 0, logprobs: null }],
      object: 'chat.completion.chunk',
      usage: null,
      created: 1762753998,
      system_fingerprint: null,
      model,
      id: 'chatcmpl-3bb05cf5cd819fbca5f0b8d67a025022',
    })
  const outputTokens = deltas.reasoning.length + deltas.text.length
  return [
    ...deltas.reasoning.map((delta) => chunk({ content: null, reasoning_content: delta, role: 'assistant' }, null)),
    ...deltas.text.map((delta) => chunk({ content: delta, reasoning_content: null }, null)),
    chunk({ content: '' }, 'stop'),
    event({
      choices: [],
      object: 'chat.completion.chunk',
      usage: {
        prompt_tokens: 22,
        completion_tokens: outputTokens,
        total_tokens: 22 + outputTokens,
        completion_tokens_details: { reasoning_tokens: deltas.reasoning.length },
        prompt_tokens_details: { cached_tokens: 0 },
      },
      created: 1762753998,
      system_fingerprint: null,
      model,
      id: 'chatcmpl-3bb05cf5cd819fbca5f0b8d67a025022',
    }),
    'data: [DONE]\n\n',
  ]
}

// multimodal-generation: four lines a frame without a space after the colons, usage in each, no terminator.
function nativeFrames(deltas: Deltas, cumulative: boolean): string[] {
  const shown: string[] = []
  let reasoningTokens = 0
  let textTokens = 0
  const push = (delta: Partial<Answer>, finishReason = 'null') => {
    const message = {
      content: delta.text === undefined ? [] : [{ text: delta.text }],
      ...(delta.reasoning === undefined ? {} : { reasoning_content: delta.reasoning }),
      role: 'assistant',
    }
    const outputTokens = reasoningTokens + textTokens
    const data = {
      output: { choices: [{ message, finish_reason: finishReason }] },
      usage: {
        total_tokens: 16 + outputTokens,
        output_tokens: outputTokens,
        input_tokens: 16,
        output_tokens_details: { reasoning_tokens: reasoningTokens, text_tokens: textTokens },
      },
      request_id: '87e6587a-71a3-98ba-89a3-23151746e292',
    }
    shown.push(`id:${shown.length + 1}\nevent:result\n:HTTP_STATUS/200\ndata:${JSON.stringify(data)}\n\n`)
  }
  const all = answerOf(deltas)
  let reasoning = ''
  let text = ''
  for (const delta of deltas.reasoning) {
    reasoningTokens += 1
    reasoning += delta
    push({ reasoning: cumulative ? reasoning : delta })
  }
  for (const delta of deltas.text) {
    textTokens += 1
    text += delta
    push(cumulative ? { reasoning, text } : { text: delta })
  }
  push(cumulative ? all : {}, 'stop')
  return shown
}
