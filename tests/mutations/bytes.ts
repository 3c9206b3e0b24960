import { answers, bytes, choiceOf, deltaOf, frames, heads, list, type Json, type Mutation } from './mutation.ts'

function isFinal(message: Json) {
  const reason = choiceOf(message)['finish_reason']
  return typeof reason === 'string' && reason !== 'null'
}

/** Leaves the last frame out that is more than a terminator. */
function withoutLast() {
  let held: string | undefined
  return (frame: string): string | undefined => {
    if (/\[DONE\]/.test(frame)) return frame
    const before = held
    held = frame
    return before
  }
}

function usageOf(message: Json) {
  return message['usage'] as Record<string, number> | null | undefined
}

/** Faults in reading bytes. */
export const byteMutations: readonly Mutation[] = [
  frames('loses the last frame', withoutLast),
  frames('loses the first frame', () => {
    let first = true
    return (frame) => {
      const lost = first && !frame.startsWith('{')
      first = false
      return lost ? undefined : frame
    }
  }),
  bytes('decodes each write on its own', () => (write) => (write === 'end' ? '' : new TextDecoder().decode(write))),
  bytes('takes each write for whole frames', () => (write) => {
    if (write === 'end') return ''
    const text = new TextDecoder().decode(write)
    const whole = /\n\r?\n$/.test(text) || /^\s*\{/.test(text)
    return whole ? write : ''
  }),
  bytes('reads one frame of a write', () => (write) => {
    if (write === 'end') return ''
    const text = new TextDecoder().decode(write)
    const [first = ''] = text.split(/(?<=\n\n)/)
    return /^(data|id)/.test(text) ? first : write
  }),
  frames('does not know CR LF', () => (frame) => (frame.includes('\r') ? undefined : frame)),
  frames(
    'takes a comment for data',
    () => (frame) => (frame.startsWith(': ') ? frame.replace(/^: /, 'data: ') : frame),
  ),
  bytes('cannot read behind a byte order mark', () => {
    let marked = false
    return (write) => {
      marked ||= write !== 'end' && write[0] === 0xef && (write.length === 1 || write[1] === 0xbb)
      return marked || write === 'end' ? '' : write
    }
  }),
  frames(
    'drops a last frame without its blank line',
    () => (frame) => (/\n\r?\n$/.test(frame) || /^\s*\{/.test(frame) ? frame : undefined),
  ),
  frames(
    'needs blank lines between events',
    () => (frame) => (/^id:1\n.*^id:2\n/ms.test(frame) ? frame.slice(0, frame.indexOf('id:2\n')) : frame),
    ['dashscope'],
  ),
  frames('stops at an event that says nothing', () => {
    let hasStopped = false
    return (frame) => {
      hasStopped ||= /^data: ?(null|\{\})?\s*$/m.test(frame)
      return hasStopped ? undefined : frame
    }
  }),
  frames(
    'swallows error frames',
    () => (frame) => (/^event:error/m.test(frame) || /^data: ?\{"error"/.test(frame) ? undefined : frame),
  ),
  frames('does not read the status in the comment', () => (frame) => frame.replace(/^:HTTP_STATUS\/\d+\n/m, ''), [
    'dashscope',
  ]),
  frames(
    'takes every error in a stream for a 400',
    () => (frame) => frame.replace(/^:HTTP_STATUS\/\d+$/m, ':HTTP_STATUS/400'),
    ['dashscope'],
  ),
  frames(
    'needs the event name to know an error',
    () => (frame) => (/^data:\{"code"/m.test(frame) && !/^event:error/m.test(frame) ? undefined : frame),
    ['dashscope'],
  ),
  answers(
    'takes "null" for an end',
    () => (message) => {
      if (choiceOf(message)['finish_reason'] === 'null') choiceOf(message)['finish_reason'] = 'stop'
    },
    ['dashscope'],
  ),
  answers(
    'drops the text of the finishing frame',
    () => (message) => {
      if (isFinal(message) && 'message' in choiceOf(message)) deltaOf(message)['content'] = []
    },
    ['dashscope'],
  ),
  answers(
    'drops the calls of the finishing frame',
    () => (message) => {
      if (isFinal(message)) delete deltaOf(message)['tool_calls']
    },
    ['dashscope'],
  ),
  answers(
    'reads the first part of a content alone',
    () => (message) => {
      const delta = deltaOf(message)
      if (Array.isArray(delta['content'])) delta['content'] = list(delta['content']).slice(1)
    },
    ['dashscope'],
  ),
  frames(
    'does not read the chunk that tells the usage',
    () => (frame) => (/"choices":\[\]/.test(frame) ? undefined : frame),
    ['compatible'],
  ),
  answers(
    'keeps the first usage of a stream',
    () => {
      let first: unknown
      return (message) => {
        if (message['usage']) message['usage'] = first ??= message['usage']
      }
    },
    ['dashscope'],
  ),
  answers(
    'adds the usage of frames up',
    () => {
      let output = 0
      return (message) => {
        const usage = usageOf(message)
        if (!usage) return
        output += usage['output_tokens'] ?? 0
        usage['output_tokens'] = output
      }
    },
    ['dashscope'],
  ),
  answers('looks for cached tokens elsewhere', () => (message) => {
    const usage = usageOf(message)
    if (usage) delete usage['prompt_tokens_details']
  }),
  answers('does not read the details of usage', () => (message) => {
    const usage = usageOf(message)
    for (const name of Object.keys(usage ?? {})) if (/details|image|video/.test(name)) delete usage?.[name]
  }),
  answers('loses reasoning', () => (message) => delete deltaOf(message)['reasoning_content']),
  answers('takes reasoning for text', () => (message) => {
    const delta = deltaOf(message)
    const { reasoning_content: reasoning } = delta
    if (typeof reasoning !== 'string' || reasoning === '') return
    delta['content'] = Array.isArray(delta['content']) ? [{ text: reasoning }] : reasoning
    delete delta['reasoning_content']
  }),
  answers('trims the pieces of a text', () => (message) => {
    const delta = deltaOf(message)
    if (typeof delta['content'] === 'string') delta['content'] = delta['content'].trim()
    for (const part of list(delta['content'])) part['text'] = String(part['text']).trim()
  }),
  answers('takes calls side by side for one', () => (message) => {
    for (const call of list(deltaOf(message)['tool_calls'])) {
      if (call['index'] !== 0) Object.assign(call, { index: 0, id: '' })
    }
  }),
  answers(
    'reads one call of a frame',
    () => (message) => {
      const delta = deltaOf(message)
      if (Array.isArray(delta['tool_calls'])) delta['tool_calls'] = delta['tool_calls'].slice(0, 1)
    },
    ['dashscope'],
  ),
  answers('believes the reason "stop" where calls came', () => (message) => {
    if (isFinal(message)) delete deltaOf(message)['tool_calls']
  }),
  answers(
    'mixes the choices',
    () => (message) => {
      for (const choice of list(message['choices'])) choice['index'] = 0
    },
    ['compatible'],
  ),
  answers('drops log probabilities', () => (message) => delete choiceOf(message)['logprobs']),
  answers(
    'drops the pages that were found',
    () => (message) => {
      delete (message['output'] as Json | undefined)?.['search_info']
    },
    ['dashscope'],
  ),
  heads('does not read x-request-id', ({ headers }) => {
    const kept = new Headers(headers)
    kept.delete('x-request-id')
    return { headers: kept }
  }),
  heads('does not read Retry-After', ({ headers }) => {
    const kept = new Headers(headers)
    kept.delete('retry-after')
    return { headers: kept }
  }),
  heads('takes every failure for a 500', ({ ok, status }) => ({ status: ok ? status : 500 })),
  heads('trusts the content type', ({ headers }) => {
    const strict = new Headers(headers)
    if (!/event-stream|json/.test(headers.get('content-type') ?? '')) strict.set('content-type', 'x/unknown')
    return { headers: strict, status: strict.get('content-type') === 'x/unknown' ? 415 : 200 }
  }),
]
