import { isUtf8 } from 'node:buffer'
import type { IncomingMessage } from 'node:http'
import { PassThrough, type Readable, type Transform, type Writable } from 'node:stream'
import { createBrotliDecompress, createUnzip, constants } from 'node:zlib'

import { toHeaders } from '../headers.ts'
import type { Recording } from '../recordings/recording.ts'
import { pickResponseHeaders, redactText } from '../recordings/redact.ts'

type Response = Recording['response']

/** A response that was forwarded. */
export interface CapturedResponse {
  /** Returns its recording, without the key of the request and other secrets. */
  render: (key: string) => Response
}

/** The longest body that is recorded, in bytes. */
const longestKept = 64 * 1024 * 1024

/** Returns a stream that decompresses; undefined for an unknown encoding. */
function createDecoder(encoding = 'identity'): Transform | undefined {
  switch (encoding.toLowerCase()) {
    case 'gzip':
    case 'x-gzip':
    case 'deflate':
      // A stream is flushed piece by piece, and may be cut.
      return createUnzip({ finishFlush: constants.Z_SYNC_FLUSH })
    case 'br':
      return createBrotliDecompress({ finishFlush: constants.BROTLI_OPERATION_FLUSH })
    case 'identity':
      return new PassThrough()
    default:
      return undefined
  }
}

/** Forwards a response unchanged, as fast as it is read, and keeps its pieces with their times. */
export async function captureResponse(
  answer: Readable & Pick<IncomingMessage, 'headers' | 'statusCode'>,
  reply: Writable,
  isSecret: boolean,
): Promise<CapturedResponse> {
  const pieces: { after: number; bytes: Buffer }[] = []
  let size = 0
  let last = performance.now()
  const decoder = createDecoder(answer.headers['content-encoding'])
  let isOmitted = isSecret || !decoder
  decoder?.on('data', (bytes: Buffer) => {
    size += bytes.length
    if (size > longestKept) isOmitted = true
    if (isOmitted) pieces.length = 0
    else pieces.push({ after: Math.round(performance.now() - last), bytes })
    last = performance.now()
  })
  const decoded = new Promise<void>((resolve) => {
    if (!decoder) return resolve()
    decoder.once('end', resolve).once('error', () => {
      isOmitted = true
      resolve()
    })
  })
  const end = await pass(answer, reply, decoder)
  decoder?.end()
  await decoded
  const headers = toHeaders(answer.headers)
  return {
    render: (key) => ({
      status: answer.statusCode ?? 0,
      headers: pickResponseHeaders(headers),
      pieces: isOmitted ? [] : renderPieces(pieces, key),
      end: isOmitted ? 'omitted' : end,
    }),
  }
}

/** Copies each piece to the reader and to the decoder, and returns how the response ended. */
async function pass(answer: Readable, reply: Writable, decoder: Transform | undefined): Promise<Response['end']> {
  let hasLeft = false
  reply.once('close', () => {
    hasLeft = !reply.writableFinished
    if (hasLeft) answer.destroy()
  })
  try {
    for await (const chunk of answer) {
      const bytes = chunk as Buffer
      decoder?.write(bytes)
      if (!reply.write(bytes)) await drained(reply)
    }
    if (!hasLeft) await finish(reply)
    return hasLeft ? 'aborted' : 'complete'
  } catch {
    // One side has gone; the other must not wait for it.
    reply.destroy()
    return hasLeft ? 'aborted' : 'broken'
  }
}

function drained(reply: Writable): Promise<void> {
  return eventOrClose(reply, 'drain')
}

function finish(reply: Writable): Promise<void> {
  const finished = eventOrClose(reply, 'finish')
  reply.end()
  return finished
}

/** Waits for an event. A reader that leaves closes the stream without one. */
function eventOrClose(stream: Writable, event: 'drain' | 'finish'): Promise<void> {
  if (stream.destroyed) return Promise.resolve()
  return new Promise((resolve) => {
    const done = () => {
      stream.off(event, done).off('close', done)
      resolve()
    }
    stream.once(event, done).once('close', done)
  })
}

/** Masks secrets, which may span pieces. A mask has the length of its secret, so that the pieces keep theirs. */
function renderPieces(pieces: readonly { after: number; bytes: Buffer }[], key: string): Response['pieces'] {
  const whole = Buffer.concat(pieces.map(({ bytes }) => bytes))
  const masked = Buffer.from(redactText(whole.toString('latin1'), key), 'latin1')
  let start = 0
  return pieces.map(({ after, bytes }) => {
    const piece = masked.subarray(start, start + bytes.length)
    start += bytes.length
    return isUtf8(piece) ? { after, text: piece.toString('utf8') } : { after, base64: piece.toString('base64') }
  })
}
