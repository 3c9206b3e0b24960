import { continuation } from './continuation.ts'

/** A text that grows piece by piece. */
export interface GrowingText {
  /** Takes a piece, or with `cumulative` all so far, and gives what is new of it. */
  add(piece: string, cumulative: boolean): string
  get(): string
  set(text: string): void
}

/**
 * Starts empty. Pieces are put together when the text is asked for: added one by one they would make a chain of as many
 * strings as there were pieces, through which every collection of garbage goes.
 */
export function createText(): GrowingText {
  let text = ''
  let pieces: string[] = []

  function get(): string {
    if (pieces.length > 0) {
      text += pieces.join('')
      pieces = []
    }
    return text
  }

  return {
    add(piece, cumulative) {
      if (!cumulative) {
        pieces.push(piece)
        return piece
      }
      const delta = continuation(get(), piece)
      if (delta !== '') text = piece
      return delta
    },
    get,
    set(value) {
      text = value
      pieces = []
    },
  }
}
