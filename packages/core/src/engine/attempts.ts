import type { Codec, Unsupported, WireRequest } from '../codec.ts'
import { DualscopeError } from '../errors.ts'
import { exchange, type Call, type ExchangeFailure, type OpenAnswer } from '../transport/attempt.ts'
import type { PreparedRequest } from '../request/prepare.ts'

/** What a transport learns of models from the service's answers. */
export interface ModelMemory {
  /** The route on which a model answered, where it was not the first one. */
  routes: Map<string, string>
  /** Models that were seen to answer in streams alone. */
  streamOnly: Set<string>
}

/** Starts knowing nothing. */
export function createModelMemory(): ModelMemory {
  return { routes: new Map(), streamOnly: new Set() }
}

/** Writes the request of a call for a route; what had to be left out is told once a route. */
export interface Encoder {
  (request: PreparedRequest, route: string, stream: boolean): Promise<WireRequest>
}

/** Makes the encoder of one call. */
export function createEncoder(codec: Codec, leaveOut: (unsupported: readonly Unsupported[]) => void): Encoder {
  const told: string[] = []
  return async (request, route, stream) => {
    const wire = await codec.encodeRequest(request, { route, stream })
    if (!told.includes(route)) leaveOut(wire.unsupported)
    told.push(route)
    return wire
  }
}

/** Where a request may go: the route that is known to serve its model, then the codec's own order. */
export function routesOf(codec: Codec, request: PreparedRequest, memory: ModelMemory): readonly string[] {
  const routes = codec.routes(request)
  if (routes.length === 0) throw new DualscopeError('configuration', `The codec ${codec.protocol} names no route`)
  const known = memory.routes.get(request.model)
  return known !== undefined && routes.includes(known) ? [known, ...routes.filter((route) => route !== known)] : routes
}

/**
 * One attempt of a call. What the service says about the way to ask is followed at once, and remembered: "url error" means
 * another route, and a model that refuses a whole answer is asked for a stream.
 */
export async function attemptRoutes(
  call: Call,
  {
    request,
    stream,
    routes,
    encode,
    memory,
  }: {
    request: PreparedRequest
    stream: boolean
    routes: readonly string[]
    encode: Encoder
    memory: ModelMemory
  },
  attempt: number,
): Promise<OpenAnswer | ExchangeFailure> {
  const { model } = request
  for (let index = 0; ; index += 1) {
    const route = routes[index] ?? ''
    const streamed = stream || memory.streamOnly.has(model)
    const wire = await encode(request, route, streamed)
    let outcome = await exchange(call, { route, wire, stream: streamed, attempt })
    if (!streamed && 'streamOnly' in outcome && outcome.streamOnly) {
      memory.streamOnly.add(model)
      outcome = await exchange(call, { route, wire: await encode(request, route, true), stream: true, attempt })
    }
    if ('first' in outcome && index > 0) memory.routes.set(model, route)
    const another = 'wrongRoute' in outcome && outcome.wrongRoute && index + 1 < routes.length
    if (!another) return outcome
  }
}
