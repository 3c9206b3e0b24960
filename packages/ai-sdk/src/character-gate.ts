/** Passes text on in whole characters. */
export interface CharacterGate {
  /** Returns what can be shown of the text so far: half a character at its end waits for the next piece. */
  push(delta: string): string
  /** Returns what still waits. */
  flush(): string
}

/** Starts a gate. Without it a delta could end within an emoji, and show as a replacement character. */
export function createCharacterGate(): CharacterGate {
  let waiting = ''
  return {
    push(delta) {
      const text = waiting + delta
      waiting = /[\uD800-\uDBFF]$/.test(text) ? text.slice(-1) : ''
      return waiting === '' ? text : text.slice(0, -1)
    },
    flush() {
      const text = waiting
      waiting = ''
      return text
    },
  }
}
