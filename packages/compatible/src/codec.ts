import type { Codec } from '@dualscope/core'
import { decodeServiceError } from '@dualscope/core/wire'

import { encodeRequest } from './request.ts'
import { decodeEvent, decodeResponse } from './response.ts'

/** The OpenAI-compatible protocol, `chat/completions`, as pure functions. */
export const codec: Codec = {
  protocol: 'compatible',
  terminator: '[DONE]',
  routes: () => ['/compatible-mode/v1/chat/completions'],
  encodeRequest,
  decodeResponse,
  decodeEvent,
  decodeError: decodeServiceError,
}
