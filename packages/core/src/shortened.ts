/** The beginning of a text. The ellipsis also tells `redactKey` that a key may be cut there. */
export function shortened(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length)}…` : text
}
