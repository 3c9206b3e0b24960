import leven from 'leven'

/** The known name that a misspelt one probably meant: another case or `snake_case` of it, or one or two letters off. */
export function didYouMean(name: string, known: readonly string[]): string | undefined {
  const ranked = known
    .map((candidate) => ({ candidate, distance: leven(plain(name), plain(candidate)) }))
    .toSorted((a, b) => a.distance - b.distance)
  const [best] = ranked
  return best && best.distance <= Math.min(2, plain(name).length / 3) ? best.candidate : undefined
}

function plain(name: string): string {
  return name.replaceAll(/[^a-z]/gi, '').toLowerCase()
}
