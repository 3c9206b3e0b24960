import { continuation } from './cumulative.ts'

// So many pieces are put together at once.
const most = 64

/**
 * A text that grows piece by piece. Added one by one, pieces would make a chain of as many strings as there were; kept until
 * the text is asked for, each would go through the collections of garbage. So they are put together now and then.
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
    if (text.pieces.length === most) join(text)
    return piece
  }
  const delta = continuation(asString(text), piece)
  if (delta !== '') text.whole = piece
  return delta
}

/** All of it so far. */
export function asString(text: GrowingText): string {
  if (text.pieces.length > 0) join(text)
  return text.whole
}

function join(text: GrowingText): void {
  text.whole += text.pieces.join('')
  text.pieces = []
}
