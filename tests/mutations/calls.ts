import { DualscopeError, type ChatChunk, type DecodedMessage, type ToolCallPiece } from '@dualscope/core'
import { dashscope } from '@dualscope/dashscope'

import { chunks, codecs, options, transports, type Mutation } from './mutation.ts'

/** Overwrites each field of a call with that of the last piece. */
function overwriting() {
  const held = new Map<number, ToolCallPiece>()
  return (chunk: ChatChunk): ChatChunk => {
    for (const piece of chunk.toolCalls ?? []) {
      const before = held.get(piece.index)
      held.set(piece.index, {
        ...piece,
        name: piece.name ?? before?.name,
        arguments: (before?.arguments ?? '') + (piece.arguments ?? ''),
      })
    }
    return { ...chunk, toolCalls: chunk.finishReason ? [...held.values()] : undefined }
  }
}

function withoutRefusal(decoded: DecodedMessage): DecodedMessage {
  return 'error' in decoded ? {} : decoded
}

/** Faults in chunks, errors and calls. */
export const callMutations: readonly Mutation[] = [
  chunks('overwrites the id of a call with ""', overwriting),
  chunks('drops calls', () => (chunk) => ({ ...chunk, toolCalls: undefined })),
  chunks('drops usage', () => (chunk) => ({ ...chunk, usage: undefined })),
  chunks('drops the ids of answers', () => (chunk) => ({ ...chunk, id: undefined, requestId: undefined })),
  chunks(
    'says "stop" of every end',
    () => (chunk) => (chunk.finishReason ? { ...chunk, finishReason: 'stop', rawFinishReason: 'stop' } : chunk),
  ),
  chunks("loses the reason in the service's own word", () => (chunk) => ({ ...chunk, rawFinishReason: undefined })),
  chunks('appends text that repeats what came before', () => (chunk) => ({ ...chunk, cumulative: undefined }), [
    'dashscope',
  ]),
  chunks('takes increments for repetitions', () => (chunk) => ({ ...chunk, cumulative: true })),
  chunks('calls itself by another name', () => (chunk) => ({ ...chunk, protocol: 'other' })),
  codecs('swallows refusals inside streams', (codec) => ({
    decodeEvent: (event) => withoutRefusal(codec.decodeEvent(event)),
  })),
  codecs('retries a bill', (codec) => ({
    decodeError: (answer) => {
      const fault = codec.decodeError(answer)
      return fault.code === 'billing' ? { ...fault, retryable: true } : fault
    },
  })),
  codecs('retries a bad request', (codec) => ({
    decodeError: (answer) => ({ ...codec.decodeError(answer), retryable: true }),
  })),
  codecs('retries nothing', (codec) => ({
    decodeError: (answer) => ({ ...codec.decodeError(answer), retryable: false }),
  })),
  codecs('repeats a failed download for ever', (codec) => ({
    decodeError: (answer) => ({ ...codec.decodeError(answer), retryOnce: undefined }),
  })),
  codecs('takes a used-up quota for a throttle', (codec) => ({
    decodeError: (answer) => {
      const fault = codec.decodeError(answer)
      return fault.status === 429 ? { ...fault, code: 'rate-limit', retryable: true } : fault
    },
  })),
  codecs('judges errors by their status alone', (codec) => ({
    decodeError: (answer) => {
      const fault = codec.decodeError(answer)
      return { ...fault, code: fault.status === 400 ? 'invalid-request' : fault.code }
    },
  })),
  codecs("drops the service's own code", (codec) => ({
    decodeError: (answer) => ({ ...codec.decodeError(answer), serviceCode: undefined }),
  })),
  codecs('expects JSON of every refusal', (codec) => ({
    decodeError: (answer) => {
      JSON.parse(answer.body)
      return codec.decodeError(answer)
    },
  })),
  codecs('does not say what it left out', (codec) => ({
    encodeRequest: (request, target) => ({
      ...codec.encodeRequest(request, target),
      unsupported: [],
    }),
  })),
  codecs('lets extra say what options say', (codec) => ({
    encodeRequest: (request, target) => codec.encodeRequest({ ...request, extra: undefined }, target),
  })),
  codecs('tries one path alone', (codec) => ({ routes: (request) => codec.routes(request).slice(0, 1) }), [
    'dashscope',
  ]),
  transports(
    'forgets the path that served a model',
    (_, given) => ({
      send: (request, call) => dashscope(given).send(request, call),
      stream: (request, call) => dashscope(given).stream(request, call),
    }),
    ['dashscope'],
  ),
  options('never tries again', (given) => ({ ...given, retries: 0 })),
  options('always tries again', (given) => ({ ...given, retries: Math.max(given.retries ?? 0, 2) })),
  options('does not tell of repetitions', (given) => ({ ...given, onRetry: undefined })),
  options('does not tell what it sends', (given) => ({ ...given, onRequest: undefined })),
  options('waits for ever', (given) => ({ ...given, timeout: 2 ** 31 - 1 })),
  options('knows no limit of the whole call', (given) => ({ ...given, totalTimeout: undefined })),
  transports('tries again after the first chunk', (inner) => ({
    async *stream(request, call) {
      try {
        yield* inner.stream(request, call)
      } catch (error) {
        if (call?.signal?.aborted || !(error instanceof DualscopeError) || error.code === 'validation') throw error
        yield* inner.stream(request, call)
      }
    },
  })),
  transports('gives a stream out once it is complete', (inner) => ({
    async *stream(request, call) {
      const all: (readonly ChatChunk[])[] = []
      for await (const batch of inner.stream(request, call)) all.push(batch)
      yield* all
    },
  })),
  transports('sends before anybody asks', (inner) => ({
    stream(request, call) {
      const iterator = inner.stream(request, call)[Symbol.asyncIterator]()
      let first: Promise<IteratorResult<readonly ChatChunk[]>> | undefined = iterator.next()
      first.catch(() => undefined)
      const next = () => {
        const result = first ?? iterator.next()
        first = undefined
        return result
      }
      return {
        [Symbol.asyncIterator]: () => ({
          next,
          return: async () => (await iterator.return?.()) ?? { done: true, value: undefined },
        }),
      }
    },
  })),
  transports('ends in silence when it is aborted', (inner) => ({
    async *stream(request, call) {
      try {
        yield* inner.stream(request, call)
      } catch (error) {
        if (!call?.signal?.aborted) throw error
        yield [{ finishReason: 'stop', rawFinishReason: 'stop' }]
      }
    },
  })),
  transports('wraps the reason of an abort', (inner) => ({
    async *stream(request, call) {
      try {
        yield* inner.stream(request, call)
      } catch (error) {
        throw call?.signal?.aborted ? new DualscopeError('connection', 'Aborted', { cause: error }) : error
      }
    },
  })),
  transports('does not listen to signals', (inner) => ({
    send: (request, call) => inner.send(request, { ...call, signal: undefined }),
    stream: (request, call) => inner.stream(request, { ...call, signal: undefined }),
  })),
  transports('leaves the connection open when the loop is left', (inner) => ({
    stream(request, call) {
      // Leaving a loop aborts the signal too.
      const iterator = inner.stream(request, { ...call, signal: undefined })[Symbol.asyncIterator]()
      return { [Symbol.asyncIterator]: () => ({ next: () => iterator.next() }) }
    },
  })),
  transports('takes every end for a good one', (inner) => ({
    async *stream(request, call) {
      let ended = false
      for await (const batch of inner.stream(request, call)) {
        ended ||= batch.some(({ finishReason }) => finishReason !== undefined)
        yield batch
      }
      if (!ended) yield [{ finishReason: 'stop', rawFinishReason: 'stop' }]
    },
  })),
  transports('takes a broken connection for an end', (inner) => ({
    async *stream(request, call) {
      try {
        yield* inner.stream(request, call)
      } catch (error) {
        if (!(error instanceof DualscopeError) || error.code !== 'incomplete') throw error
        yield [{ finishReason: 'stop', rawFinishReason: 'stop' }]
      }
    },
  })),
  transports('shows the key in its errors', (inner, { apiKey }) => ({
    async send(request, call) {
      try {
        return await inner.send(request, call)
      } catch (error) {
        throw Object.assign(error as Error, { headers: { authorization: `Bearer ${String(apiKey)}` } })
      }
    },
  })),
  transports('throws plain errors', (inner) => ({
    async send(request, call) {
      try {
        return await inner.send(request, call)
      } catch (error) {
        throw call?.signal?.aborted ? error : new Error((error as Error).message)
      }
    },
  })),
  transports('ignores the options of a call', (inner) => ({
    send: (request, call) => inner.send(request, { signal: call?.signal }),
    stream: (request, call) => inner.stream(request, { signal: call?.signal }),
  })),
  transports('changes the request of its caller', (inner) => ({
    send(request, call) {
      Object.assign(request.messages[0] ?? {}, { content: 'changed' })
      return inner.send(request, call)
    },
    stream(request, call) {
      Object.assign(request.messages[0] ?? {}, { content: 'changed' })
      return inner.stream(request, call)
    },
  })),
]
