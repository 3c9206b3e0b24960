import { at, list, messagesOf, optionsOf, options, outgoing, partsOf, type Mutation } from './mutation.ts'

function rename(fields: Record<string, unknown>, from: string, to: string) {
  if (!(from in fields)) return
  fields[to] = fields[from]
  delete fields[from]
}

/** Faults in requests. */
export const requestMutations: readonly Mutation[] = [
  outgoing('drops Authorization', ({ headers }) => headers.delete('authorization')),
  outgoing('sends the key without "Bearer"', ({ headers }) => {
    headers.set('authorization', headers.get('authorization')?.replace('Bearer ', '') ?? '')
  }),
  outgoing('puts the key into the URL too', (request) => {
    request.url += `?key=${request.headers.get('authorization')?.slice(7) ?? ''}`
  }),
  outgoing('sends text/plain', ({ headers }) => headers.set('content-type', 'text/plain')),
  outgoing("leaves the caller's headers out", ({ headers }) => {
    for (const name of [...headers.keys()].filter((name) => /^x-(?!dashscope)/.test(name))) headers.delete(name)
  }),
  outgoing('leaves the workspace header out', ({ headers }) => headers.delete('x-dashscope-workspace')),
  outgoing('leaves X-DashScope-SSE out', ({ headers }) => headers.delete('x-dashscope-sse'), ['dashscope']),
  outgoing('does not ask for usage in streams', ({ body }) => delete body['stream_options'], ['compatible']),
  outgoing('does not ask for increments', ({ body }) => delete at(body, 'parameters')['incremental_output'], [
    'dashscope',
  ]),
  outgoing('does not ask for messages', ({ body }) => delete at(body, 'parameters')['result_format'], ['dashscope']),
  outgoing(
    'asks every model on text-generation',
    (request) => {
      request.url = request.url.replace('multimodal-generation', 'text-generation')
    },
    ['dashscope'],
  ),
  outgoing('moves fps from the part to the options', ({ body }, wire) => {
    for (const part of partsOf(body)) {
      if ('fps' in part) optionsOf(body, wire)['fps'] = part['fps']
      delete part['fps']
    }
  }),
  outgoing('drops fps', ({ body }) => {
    for (const part of partsOf(body)) delete part['fps']
  }),
  outgoing(
    'moves max_frames from the part to the parameters',
    ({ body }) => {
      for (const part of partsOf(body)) {
        if ('max_frames' in part) at(body, 'parameters')['max_frames'] = part['max_frames']
        delete part['max_frames']
      }
    },
    ['dashscope'],
  ),
  outgoing('sends the first four of the frames as pictures', ({ body }) => {
    for (const message of messagesOf(body)) {
      message['content'] = Array.isArray(message['content'])
        ? list(message['content']).flatMap((part) =>
            Array.isArray(part['video'])
              ? part['video'].map((url: unknown) =>
                  part['type'] ? { type: 'image_url', image_url: { url } } : { image: url },
                )
              : [part],
          )
        : message['content']
    }
  }),
  outgoing('puts the texts before the pictures', ({ body }) => {
    for (const message of messagesOf(body)) {
      const parts = list(message['content'])
      if (parts.length > 0) message['content'] = parts.toSorted((a, b) => Number('text' in b) - Number('text' in a))
    }
  }),
  outgoing('drops cache marks', ({ body }) => {
    for (const part of partsOf(body)) delete part['cache_control']
  }),
  outgoing('drops system messages', ({ body }) => {
    const kept = messagesOf(body).filter(({ role }) => role !== 'system')
    if ('messages' in body) body['messages'] = kept
    else at(body, 'input')['messages'] = kept
  }),
  outgoing('drops the reasoning of turns with tool calls', ({ body }) => {
    for (const message of messagesOf(body)) delete message['reasoning_content']
  }),
  outgoing('drops tool_call_id', ({ body }) => {
    for (const message of messagesOf(body)) delete message['tool_call_id']
  }),
  outgoing('leaves the index out of calls that go back', ({ body }) => {
    for (const call of messagesOf(body).flatMap((message) => list(message['tool_calls']))) delete call['index']
  }),
  outgoing('rewrites arguments that go back', ({ body }) => {
    for (const call of messagesOf(body).flatMap((message) => list(message['tool_calls']))) {
      const called = at(call, 'function')
      try {
        called['arguments'] = JSON.stringify(JSON.parse(String(called['arguments'])))
      } catch {
        called['arguments'] = '{}'
      }
    }
  }),
  outgoing('drops the mark of a partial answer', ({ body }) => {
    for (const message of messagesOf(body)) delete message['partial']
  }),
  outgoing('trims contents', ({ body }) => {
    for (const message of messagesOf(body)) {
      if (typeof message['content'] === 'string') message['content'] = message['content'].trim()
      for (const part of list(message['content'])) {
        if (typeof part['text'] === 'string') part['text'] = part['text'].trim()
      }
    }
  }),
  outgoing('renames max_tokens', ({ body }, wire) =>
    rename(optionsOf(body, wire), 'max_tokens', 'max_completion_tokens'),
  ),
  outgoing('sends a default temperature', ({ body }, wire) => {
    optionsOf(body, wire)['temperature'] ??= 1
  }),
  outgoing('drops options that are 0', ({ body }, wire) => {
    const place = optionsOf(body, wire)
    for (const [name, value] of Object.entries(place)) if (value === 0) delete place[name]
  }),
  outgoing('drops options that are false', ({ body }, wire) => {
    const place = optionsOf(body, wire)
    for (const [name, value] of Object.entries(place)) if (value === false) delete place[name]
  }),
  outgoing('fills in null', ({ body }, wire) => {
    optionsOf(body, wire)['stop'] ??= null
  }),
  outgoing('sends the seed as a text', ({ body }, wire) => {
    const place = optionsOf(body, wire)
    if (typeof place['seed'] === 'number') place['seed'] = String(place['seed'])
  }),
  outgoing(
    'puts enable_thinking beside the parameters',
    ({ body }) => {
      const { enable_thinking: enable, ...rest } = at(body, 'parameters')
      body['parameters'] = rest
      if (enable !== undefined) body['enable_thinking'] = enable
    },
    ['dashscope'],
  ),
  outgoing(
    'hides enable_thinking in extra_body',
    ({ body }) => {
      if ('enable_thinking' in body) body['extra_body'] = { enable_thinking: body['enable_thinking'] }
      delete body['enable_thinking']
    },
    ['compatible'],
  ),
  outgoing('ignores which tool has to be called', ({ body }, wire) => {
    const place = optionsOf(body, wire)
    if ('tool_choice' in place) place['tool_choice'] = 'auto'
  }),
  outgoing('drops the parameters of tools', ({ body }, wire) => {
    for (const tool of list(optionsOf(body, wire)['tools'])) at(tool, 'function')['parameters'] = {}
  }),
  outgoing('drops what is unknown to it', ({ body }, wire) => delete optionsOf(body, wire)['novel']),
  outgoing('says Beijing for every host', (request) => {
    const { pathname } = new URL(request.url)
    request.url = `https://dashscope.aliyuncs.com${pathname}`
  }),
  outgoing('follows redirects', ({ init }) => {
    init.redirect = 'follow'
  }),
  outgoing('gives fetch no signal', ({ init }) => {
    delete init.signal
  }),
  options('asks for the key once', (given) => {
    const { apiKey } = given
    let key: string | Promise<string> | undefined
    return typeof apiKey === 'function' ? { ...given, apiKey: () => (key ??= apiKey()) } : given
  }),
  options('lets plain http: go anywhere', (given) => ({ ...given, allowHttp: true })),
  options('sends what the model does not take', (given) => ({ ...given, validate: false })),
  options('drops in silence what it cannot carry', (given) => ({ ...given, unsupported: 'drop', onDrop: undefined })),
]
