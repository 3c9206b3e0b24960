import { BrokenConnection } from '../faults/broken-connection.ts'
import { type ByteStream, wait } from '../faults/bytes.ts'
import { bytesOfPiece, type Recording } from '../recordings/recording.ts'
import type { Exchange, Reply } from './exchange.ts'

async function* play({ response }: Recording, { latency, signal }: Exchange): ByteStream & AsyncGenerator {
  for (const piece of response.pieces) {
    if (latency > 0) await wait(latency, signal)
    yield bytesOfPiece(piece)
  }
  // The error of Node for a connection that breaks inside a body.
  if (response.end !== 'complete') throw new BrokenConnection('terminated')
}

/** Answers with a recording, piece by piece. A response that was recorded incomplete breaks at its end. */
export function replyRecording(recording: Recording, exchange: Exchange): Reply {
  const { status, headers, pieces, end } = recording.response
  const isEmpty = pieces.length === 0 && end === 'complete'
  return {
    status,
    headers: new Headers(headers),
    body: isEmpty ? undefined : play(recording, exchange),
    frames: pieces.map(bytesOfPiece),
  }
}
