import leven from 'leven'

/** Returns the other known name that a misspelt one probably means: in another case or `snake_case`, or one or two letters off. */
export function suggestName(name: string, known: readonly string[]): string | undefined {
  const ranked = known
    .filter((candidate) => candidate !== name)
    .map((candidate) => ({ candidate, distance: leven(letters(name), letters(candidate)) }))
    .toSorted((a, b) => a.distance - b.distance)
  const [best] = ranked
  return best && best.distance <= Math.min(2, letters(name).length / 3) ? best.candidate : undefined
}

function letters(name: string): string {
  return name.replaceAll(/[^a-z]/gi, '').toLowerCase()
}
