/**
 * Returns a regular expression that compiles with the `u` flag and means the same as the given one does with it, or else
 * without it: `\/` and `[\w-.]` are common in schemas of other languages. Returns undefined if that is not possible.
 */
export function portPattern(pattern: string): string | undefined {
  if (compiles(pattern, 'u')) return pattern
  if (!compiles(pattern, '')) return undefined
  const ported = rewrite(pattern)
  return compiles(ported, 'u') ? ported : undefined
}

function compiles(pattern: string, flags: string): boolean {
  try {
    return new RegExp(pattern, flags) instanceof RegExp
  } catch {
    return false
  }
}

// Whatever may follow a backslash with the `u` flag; any other character needs none there.
const escapable = /[\^$\\.*+?()[\]{}|/dDwWsSbBfnrtv0-9cxupPk]/

/** Removes needless backslashes, and escapes the brackets, braces and dashes that only the older grammar takes as text. */
function rewrite(pattern: string): string {
  let ported = ''
  let inClass = false
  for (let index = 0; index < pattern.length; index += 1) {
    const character = pattern[index] ?? ''
    const next = pattern[index + 1] ?? ''
    if (character === '\\') {
      index += 1
      ported += escapable.test(next) || (inClass && next === '-') ? `\\${next}` : escapeText(next, inClass)
    } else if (inClass) {
      inClass = character !== ']'
      ported += character === '-' && isBesideClass(pattern, index) ? '\\-' : character
    } else if (character === '[') {
      inClass = true
      ported += character
    } else if (character === '{') {
      ported += /^\{\d+(,\d*)?\}/.test(pattern.slice(index, index + 24)) ? character : '\\{'
    } else if (character === '}') {
      ported += /\{\d+(,\d*)?$/.test(pattern.slice(Math.max(0, index - 24), index)) ? character : '\\}'
    } else ported += character === ']' ? '\\]' : character
  }
  return ported
}

function escapeText(character: string, inClass: boolean): string {
  return inClass && character === '-' ? '\\-' : character
}

/** A dash beside a class such as `\w` is text in the older grammar. */
function isBesideClass(pattern: string, index: number): boolean {
  return (
    /\\[dDwWsS]$/.test(pattern.slice(Math.max(0, index - 2), index)) || /^\\[dDwWsS]/.test(pattern.slice(index + 1))
  )
}
