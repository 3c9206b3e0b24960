import type { Codec, NativeService } from '@dualscope/core'
import { decodeFault } from '@dualscope/core/wire'

import { encodeRequest } from './request.ts'
import { decodeCumulativeEvent, decodeEvent, decodeResponse } from './response.ts'
import { routeOf, routesFor } from './service.ts'

/** What can be set about the native protocol itself. */
export interface NativeOptions {
  /**
   * Whether each frame of a stream brings only what is new. `false` makes the service repeat all that came before, which
   * it may refuse while a model thinks; deltas come out either way. @default true
   */
  incrementalOutput?: boolean | undefined
  /** The service to ask, for a model that the catalogue does not know. @default by the model, else by the request's content */
  service?: NativeService | undefined
}

/** The native protocol of DashScope as pure functions. */
export function createCodec({ incrementalOutput = true, service }: NativeOptions = {}): Codec {
  return {
    protocol: 'dashscope',
    routes: (request) => (service ? [routeOf(service)] : routesFor(request)),
    encodeRequest: (request, target) => encodeRequest(request, { ...target, incrementalOutput }),
    decodeResponse,
    decodeEvent: incrementalOutput ? decodeEvent : decodeCumulativeEvent,
    decodeError: decodeFault,
  }
}

/** The native protocol with its defaults. */
export const codec: Codec = createCodec()
