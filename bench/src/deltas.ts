/** The text of one answer. */
export interface Answer {
  reasoning: string
  text: string
}

/** An answer in the pieces in which it is sent. */
export interface Deltas {
  reasoning: readonly string[]
  text: readonly string[]
}

// Of one to four bytes a character, so that a cut through bytes cuts characters too.
const words = [
  '我是',
  ' Kimi',
  '，',
  '由',
  '月之暗面',
  ' trained',
  ' by',
  ' Moonshot',
  '。',
  'é',
  '🙂',
  '\n',
  ' 一个',
  ' "a"',
]

/** So many small deltas: the first half is reasoning, the other half text. */
export function makeDeltas(count: number): Deltas {
  // Seven is no divisor of the list, so that the halves differ.
  const all = Array.from(
    { length: count },
    (_, index) => words[(index * 7 + Math.floor(index / 11)) % words.length] ?? '',
  )
  const half = Math.floor(count / 2)
  return { reasoning: all.slice(0, half), text: all.slice(half) }
}

/** The result that a client must have at the end. */
export function answerOf({ reasoning, text }: Deltas): Answer {
  return { reasoning: reasoning.join(''), text: text.join('') }
}
