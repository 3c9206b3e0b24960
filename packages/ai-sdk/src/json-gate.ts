/** Passes on the JSON of a text as it arrives. */
export interface JsonGate {
  /** Returns what of the JSON is known so far and not yet passed on. */
  push(delta: string): string
  /** Returns a text without an object or a list. */
  flush(): string
}

// Data follows its bracket with one of these. In "{city}", "[see]" and "[1]" the bracket belongs to a sentence.
const firstLetters: Readonly<Record<string, RegExp>> = { '{': /["}]/, '[': /[[{"]/ }

/**
 * Starts a gate that passes on the JSON of an answer without what a model without JSON mode writes around it, such as a
 * sentence and a code fence. A text without an object or a list is passed on whole, at its end.
 */
export function createJsonGate(): JsonGate {
  const thinking = createThinkingFilter()
  const findStart = createStartFinder()
  const findEnd = createEndFinder()
  let waiting = ''
  let state: 'before' | 'inside' | 'after' = 'before'

  return {
    push(piece) {
      if (state === 'after') return ''
      const delta = thinking.push(piece)
      let text = delta
      if (state === 'before') {
        waiting += delta
        const start = findStart(delta)
        if (start === undefined) return ''
        text = waiting.slice(start)
        waiting = ''
        state = 'inside'
      }
      const end = findEnd(text)
      if (end !== undefined) state = 'after'
      return text.slice(0, end)
    },
    flush() {
      const text = thinking.flush() + waiting
      waiting = ''
      return text
    },
  }
}

const beginOfThinking = '<think>'
const endOfThinking = '</think>'

/** Starts a filter that leaves out `<think>…</think>` at the beginning of a text, as the core does when it looks for JSON. */
function createThinkingFilter(): { push(delta: string): string; flush(): string } {
  let kept: string[] = []
  // The first letters decide; later the last ones, since the end may be cut between two deltas.
  let letters = ''
  let state: 'beginning' | 'thinking' | 'answer' = 'beginning'

  function endAt(text: string, end: number): string {
    if (end === -1) return ''
    kept = []
    state = 'answer'
    return text.slice(end + endOfThinking.length)
  }

  return {
    push(delta) {
      if (state === 'answer') return delta
      kept.push(delta)
      if (state === 'thinking') {
        const text = letters + delta
        letters = text.slice(-endOfThinking.length)
        return endAt(text, text.indexOf(endOfThinking))
      }
      letters = (letters + delta).trimStart().slice(0, endOfThinking.length)
      if (beginOfThinking.startsWith(letters)) return ''
      const text = kept.join('')
      if (!letters.startsWith(beginOfThinking)) {
        kept = []
        state = 'answer'
        return text
      }
      state = 'thinking'
      letters = text.slice(-endOfThinking.length)
      return endAt(text, text.indexOf(endOfThinking))
    },
    flush() {
      const text = kept.join('')
      kept = []
      return text
    },
  }
}

/** Creates a function that reads on and returns where in the whole text an object or a list begins. */
function createStartFinder(): (delta: string) => number | undefined {
  let length = 0
  let candidate: { index: number; first: RegExp } | undefined
  return (delta) => {
    for (let index = 0; index < delta.length; index += 1) {
      const letter = delta.charAt(index)
      if (candidate && /\s/.test(letter)) continue
      if (candidate?.first.test(letter)) return candidate.index
      const first = firstLetters[letter]
      candidate = first && { index: length + index, first }
    }
    length += delta.length
    return undefined
  }
}

/** Creates a function that reads on and returns where in its text the outermost object or list ends. */
function createEndFinder(): (text: string) => number | undefined {
  let depth = 0
  let quoted = false
  let escaped = false
  return (text) => {
    for (let index = 0; index < text.length; index += 1) {
      const letter = text.charAt(index)
      if (escaped) escaped = false
      else if (quoted && letter === '\\') escaped = true
      else if (letter === '"') quoted = !quoted
      else if (!quoted && '{['.includes(letter)) depth += 1
      else if (!quoted && '}]'.includes(letter)) depth -= 1
      if (depth === 0) return index + 1
    }
    return undefined
  }
}
