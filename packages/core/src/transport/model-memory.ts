import type { Codec } from '../codec.ts'
import { DualscopeError } from '../errors.ts'
import type { PreparedRequest } from '../request/prepared.ts'

/** Facts about models that a transport learns from the service's answers. */
export interface ModelMemory {
  /** The route on which a model answered, where it was not the first one. */
  routes: Map<string, string>
  /** Models that answer only in streams. */
  streamingOnly: Set<string>
}

/** Starts empty. */
export function createModelMemory(): ModelMemory {
  return { routes: new Map(), streamingOnly: new Set() }
}

/** Lists where a request may be sent: the route that is known to serve its model, then the codec's own order. */
export function findRoutes(codec: Codec, request: PreparedRequest, memory: ModelMemory): readonly string[] {
  const routes = codec.routes(request)
  if (routes.length === 0) {
    throw new DualscopeError('configuration', `The codec ${codec.protocol} returned no routes`)
  }
  const known = memory.routes.get(request.model)
  return known !== undefined && routes.includes(known) ? [known, ...routes.filter((route) => route !== known)] : routes
}
