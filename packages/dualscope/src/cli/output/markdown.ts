import { render } from 'markdansi'
import type { Token } from 'marked'
import stringWidth from 'string-width'

import { completeBlocks, parseBlocks } from '../../markdown-blocks.ts'
import { hasColours, type OutputStream, style, terminalText } from './terminal.ts'

/** Renders Markdown that arrives in pieces: complete blocks, and a preview of the end of an incomplete one. */
export interface MarkdownWriter {
  push: (delta: string) => string
  finish: () => string
}

const eraseLine = '\r\u001B[K'

/** Creates a writer for a terminal: wrapped to its width, styled if it has colours, and without any other control. */
export function createMarkdownWriter(stream: OutputStream): MarkdownWriter {
  // Joined only for a parse: joining at each delta would copy a long block again and again.
  let pending: string[] = []
  let length = 0
  let parsedLength = 0
  let end = ''
  let isFirst = true
  let hasPreview = false

  const erase = () => {
    const erased = hasPreview ? eraseLine : ''
    hasPreview = false
    return erased
  }
  const preview = () => {
    const text = endOf(end, columnsOf(stream) - 1)
    const erased = erase()
    hasPreview = text !== ''
    return erased + style(stream, 'dim', text)
  }
  const show = (markdown: string) => {
    const text = renderSafely(markdown, stream)
    if (text === '') return erase()
    const gap = isFirst ? '' : '\n'
    isFirst = false
    return `${erase()}${gap}${text}\n`
  }
  const keep = (text: string) => {
    pending = [text]
    length = text.length
    end = text.slice(-4 * columnsOf(stream))
  }

  return {
    push(delta) {
      const text = terminalText(delta)
      pending.push(text)
      length += text.length
      end = (end + text).slice(-4 * columnsOf(stream) - text.length)
      // Parsing a long block again at each of its lines would be quadratic.
      if (!/\n[ \t]*\n/.test(end) || length < parsedLength * 1.2) return preview()
      const source = pending.join('')
      const complete = completeBlocks(source)
      keep(source.slice(complete.length))
      parsedLength = length
      return show(complete) + preview()
    },
    finish() {
      const rest = pending.join('')
      keep('')
      return show(rest)
    },
  }
}

function columnsOf(stream: OutputStream): number {
  // A terminal of unknown size has 0 columns.
  return stream.columns || 80
}

/** Returns the end of a text as one line that fits a number of columns. */
function endOf(text: string, columns: number): string {
  const characters = Array.from(
    text
      .slice(-2 * columns)
      // The cut may be inside a character.
      .replace(/^[\uDC00-\uDFFF]/, '')
      .replaceAll(/\s+/g, ' ')
      .trimStart(),
  )
  let width = 0
  const start = characters.findLastIndex((character) => (width += stringWidth(character)) > columns)
  return characters.slice(start + 1).join('')
}

function renderSafely(markdown: string, stream: OutputStream): string {
  const blocks = parseBlocks(markdown)
  if (!blocks) return markdown.trim()
  // A character reference would become an escape character, which the text no longer has.
  const source = withLineBreaks(blocks).replaceAll(/&(?=#(?:x0*(?:1b|9b)|0*(?:27|155))(?![\da-f]))/gi, '&\u200B')
  const text = render(source, {
    width: columnsOf(stream),
    color: hasColours(stream),
    // A link shows its address, so that its text cannot fake another.
    hyperlinks: false,
    codeBox: false,
    codeWrap: false,
    tableTruncate: false,
  })
  return keepStyles(text).replace(/^\n+/, '').trimEnd()
}

/** Keeps the line breaks of paragraphs, as chats do; Markdown would join the lines. */
function withLineBreaks(blocks: readonly Token[]): string {
  return blocks
    .map(({ type, raw }) => (type === 'paragraph' ? raw.replaceAll(/(?<=\S)\n(?=.)/g, '  \n') : raw))
    .join('')
}

/** Removes control characters except line breaks, tabs and the sequences that set a style. */
function keepStyles(text: string): string {
  // oxlint-disable-next-line no-control-regex -- the sequences begin with one
  const pieces = text.split(/(\u001B\[[\d;]*m)/)
  return pieces.map((piece, index) => (index % 2 === 1 ? piece : terminalText(piece))).join('')
}
