import type { Token, Tokens } from 'marked'

import { completeBlocks, parseBlocks } from '../../markdown-blocks.ts'
import { createElement } from './find.ts'

/** Shows Markdown that arrives in pieces. */
export interface MarkdownView {
  push: (delta: string) => void
  finish: () => void
}

/** ms between two renderings of the last block. */
const interval = 80

/** Creates a view of Markdown in an element. Complete blocks are rendered once, the last one again as it grows. */
export function createMarkdownView(element: HTMLElement, onChange: () => void): MarkdownView {
  const tail = createElement('div')
  element.replaceChildren(tail)
  let pending = ''
  let timer: ReturnType<typeof setTimeout> | undefined

  const render = (isWhole: boolean) => {
    timer = undefined
    const complete = isWhole ? pending : completeBlocks(pending)
    pending = pending.slice(complete.length)
    tail.before(...renderMarkdown(complete))
    tail.replaceChildren(...renderMarkdown(pending))
    onChange()
  }

  return {
    push(delta) {
      pending += delta
      timer ??= setTimeout(() => render(false), interval)
    },
    finish() {
      clearTimeout(timer)
      render(true)
    },
  }
}

/** Renders Markdown as nodes. HTML stays text, and images become links: the page loads nothing that a model names. */
export function renderMarkdown(markdown: string): Node[] {
  const blocks = parseBlocks(markdown, { breaks: true })
  return blocks ? renderTokens(blocks) : [createElement('pre', markdown)]
}

function renderTokens(tokens: readonly Token[] | undefined): Node[] {
  return (tokens ?? []).map(renderToken)
}

function renderToken(token: Token): Node {
  switch (token.type) {
    case 'space':
      return document.createTextNode('')
    case 'paragraph':
      return createElement('p', ...renderTokens(token.tokens))
    case 'heading':
      // The page uses the levels above, and no level may be skipped.
      return createElement('h4', ...renderTokens(token.tokens))
    case 'strong':
    case 'em':
    case 'del':
      return createElement(token.type, ...renderTokens(token.tokens))
    case 'blockquote':
      return createElement('blockquote', ...renderTokens(token.tokens))
    case 'code':
      return createElement('pre', createElement('code', String(token['text'])))
    case 'codespan':
      return createElement('code', String(token['text']))
    case 'br':
    case 'hr':
      return createElement(token.type)
    case 'list':
      return renderList(token as Tokens.List)
    case 'table':
      return renderTable(token as Tokens.Table)
    case 'link':
      return renderLink(String(token['href']), renderTokens(token.tokens))
    case 'image':
      return renderLink(String(token['href']), [document.createTextNode(`Image: ${String(token['text'])}`)])
    case 'text':
      return token.tokens ? createElement('span', ...renderTokens(token.tokens)) : textNode(String(token['text']))
    case 'checkbox':
      return renderCheckbox(token['checked'] === true)
    case 'escape':
      return document.createTextNode(String(token['text']))
    default:
      return document.createTextNode(token.raw)
  }
}

function renderList({ ordered, start, items }: Tokens.List): Node {
  const children = items.map((item) => createElement('li', ...renderTokens(item.tokens)))
  const list = createElement(ordered ? 'ol' : 'ul', ...children)
  if (list instanceof HTMLOListElement && typeof start === 'number') list.start = start
  return list
}

function renderTable({ header, rows }: Tokens.Table): Node {
  const body = rows.map((cells) => renderRow('td', cells))
  return createElement('table', createElement('thead', renderRow('th', header)), createElement('tbody', ...body))
}

function renderRow(name: 'th' | 'td', cells: readonly Tokens.TableCell[]): Node {
  return createElement(
    'tr',
    ...cells.map(({ tokens, align }) => alignCell(createElement(name, ...renderTokens(tokens)), align)),
  )
}

function alignCell(cell: HTMLTableCellElement, align: Tokens.TableCell['align']): HTMLTableCellElement {
  if (align) cell.classList.add(`align-${align}`)
  return cell
}

function renderCheckbox(isChecked: boolean): Node {
  const box = createElement('input')
  box.type = 'checkbox'
  box.disabled = true
  box.checked = isChecked
  box.ariaLabel = isChecked ? 'done' : 'to do'
  return box
}

/** Links to web pages and mail addresses only; any other address is shown as text. */
function renderLink(href: string, children: readonly Node[]): Node {
  if (!/^(https?:\/\/|mailto:)/i.test(href)) return createElement('span', ...children, ` (${href})`)
  const link = createElement('a', ...children)
  link.href = href
  link.target = '_blank'
  link.rel = 'noopener noreferrer'
  return link
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'", nbsp: '\u00A0' }

function textNode(text: string): Text {
  return document.createTextNode(
    text.replaceAll(/&(amp|lt|gt|quot|#39|nbsp);/g, (_, name: string) => entities[name] ?? ''),
  )
}
