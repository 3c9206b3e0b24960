import { createHash } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { Transform } from 'node:stream'

import { parseJson } from '@dualscope/core/wire'

/** A request that is being forwarded. */
export interface CapturedRequest {
  /** The stream that the body passes through unchanged. */
  passage: Transform
  /** Returns the body once it has passed: parsed JSON, or a text with the size and digest of anything else. */
  read: () => unknown
}

/** The longest JSON body that is kept, in bytes. It may hold media as data URLs; an upload is never kept. */
const longestKept = 64 * 1024 * 1024

/** Watches the body of a request as it passes. Only JSON is held in memory. */
export function captureRequest(message: IncomingMessage): CapturedRequest {
  const type = message.headers['content-type'] ?? ''
  let held: Buffer[] | undefined = /json/i.test(type) ? [] : undefined
  let size = 0
  const hash = createHash('sha256')
  const passage = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      size += chunk.length
      hash.update(chunk)
      if (size > longestKept) held = undefined
      held?.push(chunk)
      done(undefined, chunk)
    },
  })
  return {
    passage,
    read: () => {
      if (size === 0) return undefined
      const summary = `(${size} bytes of ${type.replace(/;.*/, '') || 'no type'}, sha256 ${hash.digest('hex')})`
      // Anything but JSON is summarized, because it may hold media.
      return (held && parseJson(Buffer.concat(held).toString('utf8'))) ?? summary
    },
  }
}
