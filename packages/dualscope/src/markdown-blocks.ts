import { marked, type Token } from 'marked'

/** Splits Markdown into its blocks. Returns undefined if it nests too deep to be read. */
export function parseBlocks(markdown: string, options: { breaks?: boolean } = {}): Token[] | undefined {
  try {
    return marked.lexer(markdown, { ...marked.defaults, ...options })
  } catch (error) {
    // Thousands of nested quotes exhaust the stack.
    if (error instanceof RangeError) return undefined
    throw error
  }
}

/** Returns the source of every block of Markdown but the last, which may continue. */
export function completeBlocks(markdown: string): string {
  const blocks = parseBlocks(markdown) ?? []
  const isClosed = blocks.at(-1)?.type === 'space'
  const last = blocks.findLastIndex(({ type }) => type !== 'space')
  // A list or a quote may continue after a blank line; a paragraph does not.
  const open = isClosed && ['paragraph', 'heading', 'table', 'hr'].includes(blocks[last]?.type ?? '') ? last + 1 : last
  return blocks
    .slice(0, Math.max(open, 0))
    .map(({ raw }) => raw)
    .join('')
}
