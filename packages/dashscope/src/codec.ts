import type { Codec, NativeService } from '@dualscope/core'
import { decodeServiceError } from '@dualscope/core/wire'

import { encodeRequest } from './request.ts'
import { decodeCumulativeEvent, decodeEvent, decodeResponse } from './response.ts'
import { routeOf, routesFor } from './service.ts'

/** Options of the native protocol itself. */
export interface NativeOptions {
  /**
   * Whether each frame of a stream holds only what is new. With `false` the service repeats all that came before, which it
   * may refuse while a model thinks; the events of the stream are deltas either way. @default true
   */
  incrementalOutput?: boolean | undefined
  /** The service for a model that the catalogue does not know. @default by the model, else by the request's content */
  service?: NativeService | undefined
}

/** The native protocol of DashScope as pure functions. */
export function createCodec({ incrementalOutput = true, service }: NativeOptions = {}): Codec {
  return {
    protocol: 'dashscope',
    // A third of the public recordings have no blank lines; the official SDKs read line by line.
    idBeginsEvent: true,
    mayRepeat: true,
    routes: (request) => (service ? [routeOf(service)] : routesFor(request)),
    encodeRequest: (request, target) => encodeRequest(request, { ...target, incrementalOutput }),
    decodeResponse,
    decodeEvent: incrementalOutput ? decodeEvent : decodeCumulativeEvent,
    decodeError: decodeServiceError,
  }
}

/** The native protocol with its defaults. */
export const codec: Codec = createCodec()
