import type { Line, Protocol } from '../line.ts'
import { type CodeSample, codeSamples, type SentQuestion } from './code.ts'
import { cloneTemplate, createElement, find } from './find.ts'
import { createMarkdownView, renderMarkdown } from './markdown.ts'
import { createWireView } from './wire.ts'

/** An answer, kept for the next turn. */
interface PanelAnswer {
  content: string
  reasoning?: string
}

/** The answer of a protocol on the page. */
export interface Panel {
  element: HTMLElement
  show: (line: Line) => void
  /** Ends the answer, unless it has ended by itself. */
  stop: (reason: string) => void
  /** Returns the answer, complete or partial; undefined if nothing has arrived. */
  answer: () => PanelAnswer | undefined
  /** Shows marked text instead of the answer, or the answer again. */
  mark: (nodes: readonly Node[] | undefined) => void
}

type State = 'sending' | 'thinking' | 'answering' | 'done' | 'failed'

/** Creates an empty panel. Text from a model or a server is never set as markup. */
export function createPanel(question: Omit<SentQuestion, 'request'>): Panel {
  const { protocol } = question
  const element = cloneTemplate('panel')
  const status = find(element, '.status', HTMLElement)
  const reasoning = find(element, '.reasoning', HTMLElement)
  const thoughts = find(element, '.reasoning .text', HTMLElement)
  const answer = find(element, '.answer', HTMLElement)
  nameRegions(element, protocol)
  const view = createMarkdownView(answer, () => undefined)
  const wire = createWireView(find(element, '.wire', HTMLElement))
  let isOver = false
  let text = ''
  let thinking = ''

  const setState = (state: State, words: string = `${state}…`) => {
    isOver ||= state === 'done' || state === 'failed'
    element.dataset['state'] = state
    if (status.textContent !== words) status.textContent = words
  }

  const show = (line: Line) => {
    if (line.type === 'request') {
      wire.showRequest(line)
      showCode(element, codeSamples({ ...question, request: line.request }))
    } else if (line.type === 'wire') {
      wire.showEvent(line)
    } else if (line.type === 'event') {
      if (line.event.type === 'reasoning-delta') {
        setState('thinking')
        reasoning.hidden = false
        thinking += line.event.delta
        appendText(thoughts, line.event.delta)
      } else if (line.event.type === 'text-delta') {
        setState('answering')
        text += line.event.delta
        view.push(line.event.delta)
      }
    } else if (line.type === 'done') {
      view.finish()
      setState('done', line.finishReason === 'stop' ? 'done' : `done: ${line.finishReason}`)
      showUsage(find(element, '.usage', HTMLElement), line)
    } else {
      view.finish()
      setState('failed', line.code)
      showError(find(element, '.error', HTMLElement), line)
    }
  }

  setState('sending')
  return {
    element,
    show,
    stop(reason) {
      if (isOver) return
      view.finish()
      setState('failed', reason)
    },
    answer() {
      if (text === '') return undefined
      return thinking === '' ? { content: text } : { content: text, reasoning: thinking }
    },
    mark(nodes) {
      answer.classList.toggle('marked', nodes !== undefined)
      answer.replaceChildren(...(nodes ?? renderMarkdown(text)))
    },
  }
}

function nameRegions(element: HTMLElement, protocol: Protocol): void {
  const title = find(element, 'h3', HTMLElement)
  title.textContent = protocol
  element.ariaLabel = protocol
  for (const [selector, name] of [
    ['.reasoning .text', 'Thinking'],
    ['.answer', 'Answer'],
    ['.requests', 'Requests'],
  ] as const) {
    find(element, selector, HTMLElement).ariaLabel = `${name} over ${protocol}`
  }
  find(element, 'caption', HTMLElement).textContent = `Events over ${protocol}`
}

function showError(error: HTMLElement, line: Extract<Line, { type: 'error' }>): void {
  const { message, requestId, advice } = line
  error.hidden = false
  find(error, '.text', HTMLElement).textContent =
    requestId === undefined ? message : `${message} (request ${requestId})`
  find(error, '.advice', HTMLElement).textContent = advice
}

function showUsage(list: HTMLElement, { usage, cost, first, at }: Extract<Line, { type: 'done' }>): void {
  const add = (name: string, value: string | undefined) => {
    if (value !== undefined) list.append(createElement('div', createElement('dt', name), createElement('dd', value)))
  }
  add('first token', first === undefined ? undefined : `${first.toLocaleString('en')} ms`)
  add('total time', `${at.toLocaleString('en')} ms`)
  add('tokens in', formatTokens(usage?.inputTokens))
  add('tokens out', formatTokens(usage?.outputTokens))
  add('thinking', formatTokens(usage?.reasoningTokens))
  add('images', formatTokens(usage?.imageTokens))
  add('videos', formatTokens(usage?.videoTokens))
  if (usage?.cachedTokens !== undefined && usage.inputTokens > 0) {
    add('cached', `${Math.round((100 * usage.cachedTokens) / usage.inputTokens)}% of input`)
  }
  if (cost) {
    const { currency, total, cache } = cost
    const money = { style: 'currency', currency, maximumSignificantDigits: 3 } as const
    add('cost', total.toLocaleString('en', money))
    if (cache > 0) add('of it for the cache', cache.toLocaleString('en', money))
  }
}

function formatTokens(tokens: number | undefined): string | undefined {
  return tokens ? tokens.toLocaleString('en') : undefined
}

function showCode(element: HTMLElement, samples: readonly CodeSample[]): void {
  const details = find(element, '.code', HTMLElement)
  details.hidden = false
  find(details, '.samples', HTMLElement).replaceChildren(
    ...samples.map(({ title, code }) => {
      const button = createElement('button', 'Copy')
      button.type = 'button'
      button.ariaLabel = `Copy: ${title}`
      button.addEventListener('click', () => void copy(button, code))
      const pre = createElement('pre', code)
      pre.tabIndex = 0
      pre.role = 'group'
      pre.ariaLabel = title
      return createElement('div', createElement('h4', title), button, pre)
    }),
  )
}

async function copy(button: HTMLButtonElement, code: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(code)
    button.textContent = 'Copied'
  } catch {
    button.textContent = 'Select and copy by hand'
  }
  setTimeout(() => {
    button.textContent = 'Copy'
  }, 2000)
}

/** Adds text, and keeps the end visible if it was visible. */
function appendText(target: HTMLElement, text: string): void {
  const isAtEnd = target.scrollHeight - target.scrollTop - target.clientHeight < 8
  target.append(text)
  if (isAtEnd) target.scrollTop = target.scrollHeight
}
