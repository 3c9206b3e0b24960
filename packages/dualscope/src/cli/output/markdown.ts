import { render } from 'markdansi'
import { marked } from 'marked'
import stringWidth from 'string-width'

import { completeBlocks } from '../../markdown-blocks.ts'
import { hasColours, type OutputStream, style, terminalText } from './terminal.ts'

/** Renders Markdown that arrives in pieces. Each block is shown once it is complete, and its end on the last line before. */
export interface MarkdownWriter {
  push: (delta: string) => string
  finish: () => string
}

const eraseLine = '\r\u001B[K'

/** Creates a writer for a terminal: wrapped to its width, styled if it has colours, and without any other control. */
export function createMarkdownWriter(stream: OutputStream): MarkdownWriter {
  let pending = ''
  let parsedLength = 0
  let isFirst = true
  let hasPreview = false

  const preview = (): string => {
    const text = endOf(pending, (stream.columns ?? 80) - 1)
    const erase = hasPreview ? eraseLine : ''
    hasPreview = text !== ''
    return erase + style(stream, 'dim', text)
  }
  const show = (markdown: string): string => {
    const text = renderSafely(markdown, stream)
    const erase = hasPreview ? eraseLine : ''
    hasPreview = false
    if (text === '') return erase
    const gap = isFirst ? '' : '\n'
    isFirst = false
    return `${erase}${gap}${text}\n`
  }

  return {
    push(delta) {
      pending += terminalText(delta)
      // Parsing a long block again at each of its lines would be quadratic.
      if (!/\n[ \t]*\n/.test(pending.slice(-delta.length - 2)) || pending.length < parsedLength * 1.2) return preview()
      const complete = completeBlocks(pending)
      pending = pending.slice(complete.length)
      parsedLength = pending.length
      return show(complete) + preview()
    },
    finish() {
      const rest = pending
      pending = ''
      return show(rest)
    },
  }
}

/** Returns the end of a text in one line of at most so many columns. */
function endOf(text: string, columns: number): string {
  const characters = Array.from(
    text
      .slice(-2 * columns)
      .replaceAll(/\s+/g, ' ')
      .trimStart(),
  )
  let width = 0
  const start = characters.findLastIndex((character) => (width += stringWidth(character)) > columns)
  return characters.slice(start + 1).join('')
}

function renderSafely(markdown: string, stream: OutputStream): string {
  // A character reference would become the escape that the text was stripped of.
  const source = withLineBreaks(markdown).replaceAll(/&(?=#(?:x0*(?:1b|9b)|0*(?:27|155))(?![\da-f]))/gi, '&\u200B')
  const text = render(source, {
    width: stream.columns ?? 80,
    color: hasColours(stream),
    // A link shows its address, so that its text cannot pretend another.
    hyperlinks: false,
    codeBox: false,
    codeWrap: false,
    tableTruncate: false,
  })
  return keepStyles(text).replace(/^\n+/, '').trimEnd()
}

/** Keeps the line breaks of paragraphs, as chats do; Markdown would join the lines. */
function withLineBreaks(markdown: string): string {
  return marked
    .lexer(markdown)
    .map(({ type, raw }) => (type === 'paragraph' ? raw.replaceAll(/(?<=\S)\n(?=.)/g, '  \n') : raw))
    .join('')
}

/** Removes every control character but line breaks, tabs and the sequences that set a style. */
function keepStyles(text: string): string {
  // oxlint-disable-next-line no-control-regex -- they are what is looked for
  const pieces = text.split(/(\u001B\[[\d;]*m)/)
  return pieces.map((piece, index) => (index % 2 === 1 ? piece : terminalText(piece))).join('')
}
