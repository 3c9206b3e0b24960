/** Passes text on so that no piece ends within a character. */
export interface WholeCharacters {
  /** Returns the text up to the last whole character. */
  push(text: string): string
  /** Returns what is left at the end, as it came. */
  end(): string
}

/** Holds back half of a character, a high surrogate at the end of a piece, until the next piece brings the other half. */
export function createWholeCharacters(): WholeCharacters {
  let half = ''
  return {
    push(text) {
      const joined = half + text
      const last = joined.charCodeAt(joined.length - 1)
      half = last >= 0xd800 && last <= 0xdbff ? joined.slice(-1) : ''
      return half === '' ? joined : joined.slice(0, -1)
    },
    end() {
      const left = half
      half = ''
      return left
    },
  }
}
