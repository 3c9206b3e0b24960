import { continuation } from './continuation.ts'

/**
 * A text that grows piece by piece. Pieces are put together when the text is asked for: added one by one they would make
 * a chain of as many strings as there were pieces, through which every collection of garbage goes.
 */
export interface GrowingText {
  whole: string
  pieces: string[]
}

/** Starts empty. */
export function emptyText(): GrowingText {
  return { whole: '', pieces: [] }
}

/** Takes a piece, or with `cumulative` all so far, and gives what is new of it. */
export function addTo(text: GrowingText, piece: string, cumulative: boolean): string {
  if (!cumulative) {
    text.pieces.push(piece)
    return piece
  }
  const delta = continuation(asString(text), piece)
  if (delta !== '') text.whole = piece
  return delta
}

/** All of it so far. */
export function asString(text: GrowingText): string {
  if (text.pieces.length > 0) {
    text.whole += text.pieces.join('')
    text.pieces = []
  }
  return text.whole
}
