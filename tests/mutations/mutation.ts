import { compatible, codec as compatibleCodec } from '@dualscope/compatible'
import { createTransport, type ChatChunk, type Codec, type Transport } from '@dualscope/core'
import { dashscope } from '@dualscope/dashscope'
import type { TransportFactory, ContractTransportOptions } from '@dualscope/testing'

import { createCodec } from '../../packages/dashscope/src/codec.ts'

/** A transport of this repository, by its protocol. */
export type Wire = 'compatible' | 'dashscope'

/** A way to break a transport. */
export interface Mutation {
  name: string
  /** The transports that can be broken this way. */
  on: readonly Wire[]
  connect: (wire: Wire) => TransportFactory
}

/** JSON of any kind, to be cut up. */
export type Json = Record<string, unknown>

const both: readonly Wire[] = ['compatible', 'dashscope']

const real: Record<Wire, TransportFactory> = { compatible, dashscope }

/** An object inside JSON, which is made where there is none. */
export function at(json: Json, ...path: readonly string[]): Json {
  let here = json
  for (const key of path) here = (here[key] ??= {}) as Json
  return here
}

/** A list inside JSON, of objects. */
export function list(value: unknown): Json[] {
  return Array.isArray(value) ? (value as Json[]) : []
}

/** Changes the options before the transport sees them. */
export function options(
  name: string,
  change: (options: ContractTransportOptions) => ContractTransportOptions,
  on = both,
): Mutation {
  return { name, on, connect: (wire) => (given) => real[wire](change(given)) }
}

/** A request on its way out. */
export interface Outgoing {
  url: string
  headers: Headers
  body: Json
  init: RequestInit
}

/** Changes requests on their way out. */
export function outgoing(name: string, change: (request: Outgoing, wire: Wire) => void, on = both): Mutation {
  return {
    name,
    on,
    connect: (wire) => (given) => {
      const { fetch = globalThis.fetch } = given
      return real[wire]({
        ...given,
        async fetch(input, init = {}) {
          // Uploads do not come as a Request, and policies have no body.
          if (!(input instanceof Request) || !input.body) return fetch(input, init)
          const { method, signal, redirect } = input
          const request: Outgoing = {
            url: input.url,
            headers: new Headers(input.headers),
            body: (await input.json()) as Json,
            init: { method, signal, redirect },
          }
          change(request, wire)
          const { url, headers, body } = request
          return fetch(url, { ...request.init, headers, body: JSON.stringify(body) })
        },
      })
    },
  }
}

/** The messages of a request, wherever the protocol puts them. */
export function messagesOf(body: Json): Json[] {
  return list(body['messages'] ?? at(body, 'input')['messages'])
}

/** The place of a request's options. */
export function optionsOf(body: Json, wire: Wire): Json {
  return wire === 'compatible' ? body : at(body, 'parameters')
}

/** The parts of all messages. */
export function partsOf(body: Json): Json[] {
  return messagesOf(body).flatMap(({ content }) => list(content))
}

/** Changes the responses of the service. */
function responses(name: string, change: (response: Response) => Response, on: readonly Wire[]): Mutation {
  return {
    name,
    on,
    connect: (wire) => (given) => {
      const { fetch = globalThis.fetch } = given
      return real[wire]({ ...given, fetch: async (input, init) => change(await fetch(input, init)) })
    },
  }
}

/** Changes the head of answers. */
export function heads(name: string, change: (response: Response) => ResponseInit, on = both): Mutation {
  return responses(
    name,
    (response) => {
      const { body, status, headers } = response
      if (status > 299 && status < 400) return response
      return new Response(body, { status, headers: new Headers(headers), ...change(response) })
    },
    on,
  )
}

type Change = (write: Uint8Array<ArrayBuffer> | 'end') => Uint8Array<ArrayBuffer> | string

/** Changes the bytes of answers; a new change is made for each. An end may add bytes. */
export function bytes(name: string, createChange: () => Change, on = both): Mutation {
  return responses(
    name,
    (response) => {
      const { body, status, headers } = response
      if (!body || status > 299) return response
      return new Response(body.pipeThrough(changeBytes(createChange())), { status, headers })
    },
    on,
  )
}

function changeBytes(change: Change): TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>> {
  const encoder = new TextEncoder()
  const write = (
    piece: Uint8Array<ArrayBuffer> | 'end',
    controller: TransformStreamDefaultController<Uint8Array<ArrayBuffer>>,
  ) => {
    const changed = change(piece)
    const result = typeof changed === 'string' ? encoder.encode(changed) : changed
    if (result.length > 0) controller.enqueue(result)
  }
  return new TransformStream({ transform: write, flush: (controller) => write('end', controller) })
}

/** Changes the frames of streams, and whole answers, as texts; undefined leaves a frame out. */
export function frames(
  name: string,
  createChange: (wire: Wire) => (frame: string) => string | undefined,
  on = both,
): Mutation {
  const connect = (wire: Wire) =>
    bytes(name, () => {
      const change = createChange(wire)
      const decoder = new TextDecoder()
      let held = ''
      return (write) => {
        held += write === 'end' ? decoder.decode() : decoder.decode(write, { stream: true })
        const pieces = held.split(/(?<=\n\r?\n)/)
        held = write === 'end' || /\n\r?\n$/.test(held) ? '' : (pieces.pop() ?? '')
        return pieces.map((frame) => (frame === '' ? '' : (change(frame) ?? ''))).join('')
      }
    }).connect(wire)
  return { name, on, connect }
}

/** Changes the messages of the service as JSON, streamed or whole. */
export function answers(name: string, createChange: (wire: Wire) => (message: Json) => void, on = both): Mutation {
  return frames(
    name,
    (wire) => {
      const change = createChange(wire)
      return (frame) => {
        const [, before = '', json = '', after = ''] =
          /^((?:[^{]*\n)?(?:\uFEFF?data: ?)?|)(\{.*\})(\s*)$/s.exec(frame) ?? []
        if (json === '') return frame
        let message: Json
        try {
          message = JSON.parse(json) as Json
        } catch {
          return frame
        }
        change(message)
        return before + JSON.stringify(message) + after
      }
    },
    on,
  )
}

/** The choice of a message of the service. */
export function choiceOf(message: Json): Json {
  return list(message['choices'] ?? (message['output'] as Json | undefined)?.['choices'])[0] ?? {}
}

/** The delta or the message in an answer of the service. */
export function deltaOf(message: Json): Json {
  const choice = choiceOf(message)
  return (choice['delta'] ?? choice['message'] ?? {}) as Json
}

/** Changes a codec. */
export function codecs(name: string, change: (codec: Codec) => Partial<Codec>, on = both): Mutation {
  return {
    name,
    on,
    connect: (wire) => (given) => {
      const { incrementalOutput, ...options } = given
      const codec = wire === 'compatible' ? compatibleCodec : createCodec({ incrementalOutput })
      return createTransport({ ...codec, ...change(codec) }, options)
    },
  }
}

/** Changes a transport. */
export function transports(
  name: string,
  change: (inner: Transport, options: ContractTransportOptions, wire: Wire) => Partial<Transport>,
  on = both,
): Mutation {
  return {
    name,
    on,
    connect: (wire) => (given) => {
      const inner = real[wire](given)
      return { ...inner, ...change(inner, given, wire) }
    },
  }
}

/** Changes the chunks that a transport gives; undefined leaves one out. A new change is made for each answer. */
export function chunks(
  name: string,
  createChange: () => (chunk: ChatChunk) => ChatChunk | undefined,
  on = both,
): Mutation {
  return transports(
    name,
    (inner) => ({
      async send(request, call) {
        return createChange()(await inner.send(request, call)) ?? {}
      },
      async *stream(request, call) {
        const change = createChange()
        for await (const batch of inner.stream(request, call)) {
          const changed = batch.map(change).filter((chunk) => chunk !== undefined)
          if (changed.length > 0) yield changed
        }
      },
    }),
    on,
  )
}
