import * as z from 'zod/mini'

import { checkOptions, expects } from '../check-options.ts'
import type { Protocol } from '../protocol.ts'

/** A piece of a body, and the ms since the one before it. Bytes that are not UTF-8 by themselves are Base64. */
export type RecordedPiece = { after: number } & ({ text: string } | { base64: string })

/** One exchange with the service, without keys, accounts, signatures and the bytes of media. */
export interface Recording {
  version: 1
  request: {
    method: string
    /** With the parts of the query that do not identify the account. */
    path: string
    /** The headers that change the answer, with lower-case names. */
    headers: Readonly<Record<string, string>>
    /** Parsed JSON with data URLs replaced by their size and digest, or a text with the size and digest of anything else. */
    body: unknown
  }
  response: {
    status: number
    headers: Readonly<Record<string, string>>
    /** Decompressed. */
    pieces: readonly RecordedPiece[]
    /**
     * `aborted`: the client left. `broken`: the service closed the connection in the middle. `omitted`: the body is secret, too
     * long, or could not be decompressed.
     */
    end: 'complete' | 'aborted' | 'broken' | 'omitted'
  }
}

const texts = z.record(z.string(), z.string(), 'an object of texts')
const after = z.number('a number of ms')
const piece = z.union(
  [z.object({ after, text: z.string() }), z.object({ after, base64: z.base64() })],
  'a piece with after and text or base64',
)

// Anything else after an origin would name another host, which would receive the key when the request is sent again.
const path = 'a path, which begins with /'

const recordingSchema = z.object(
  {
    version: z.literal(1, '1, the version of recordings that this version reads'),
    request: z.object(
      {
        method: z.string('a text'),
        path: z.string(path).check(z.startsWith('/', path)),
        headers: texts,
        body: z.unknown(),
      },
      'an object',
    ),
    response: z.object(
      {
        status: expects.status,
        headers: texts,
        pieces: z.array(piece, 'a list of pieces'),
        end: z.enum(['complete', 'aborted', 'broken', 'omitted'], "'complete', 'aborted', 'broken' or 'omitted'"),
      },
      'an object',
    ),
  },
  'a recording',
)

/** Throws a `TypeError` unless the value is a recording; `place` names it in the message. */
export function checkRecording(value: unknown, place: string): asserts value is Recording {
  checkOptions(recordingSchema, value, place)
}

/** Returns the protocol of a recorded chat; undefined for any other exchange. */
export function protocolOf({ request }: Recording): Protocol | undefined {
  if (request.path.endsWith('/chat/completions')) return 'compatible'
  return request.path.endsWith('/generation') ? 'dashscope' : undefined
}

/** Returns the bytes of a piece. */
export function bytesOfPiece(recorded: RecordedPiece): Uint8Array<ArrayBuffer> {
  if ('text' in recorded) return new TextEncoder().encode(recorded.text)
  return Uint8Array.from(atob(recorded.base64), (character) => character.charCodeAt(0))
}

/** Returns the body of a recorded response as text. */
export function textOfRecording({ response }: Recording): string {
  const decoder = new TextDecoder()
  return response.pieces.map((each) => decoder.decode(bytesOfPiece(each), { stream: true })).join('') + decoder.decode()
}
