import type { Line, Protocol } from '../line.ts'
import { find } from './find.ts'

/** A protocol's side of the page. */
export interface Panel {
  element: HTMLElement
  show: (line: Line) => void
  /** The question ended without an answer of this protocol. */
  stopped: (why: string) => void
}

/** Makes an empty panel. Everything that comes from a model or a server is set as text, never as markup. */
export function createPanel(protocol: Protocol): Panel {
  const element = cloneTemplate()
  const title = find(element, 'h2', HTMLElement)
  const status = find(element, '.status', HTMLElement)
  const reasoning = find(element, '.reasoning', HTMLElement)
  const thoughts = find(element, '.reasoning .text', HTMLElement)
  const answer = find(element, '.answer', HTMLElement)
  const usage = find(element, '.usage', HTMLElement)
  const wire = find(element, '.wire', HTMLElement)
  const requests = find(element, '.wire pre', HTMLElement)
  title.textContent = protocol
  title.id = `title-${protocol}`
  element.setAttribute('aria-labelledby', title.id)
  thoughts.ariaLabel = `Thinking over ${protocol}`
  answer.ariaLabel = `Answer over ${protocol}`
  requests.ariaLabel = `Requests over ${protocol}`
  let over = false

  const say = (state: 'asking' | 'thinking' | 'answering' | 'done' | 'failed', words: string = `${state}…`) => {
    over ||= state === 'done' || state === 'failed'
    element.dataset['state'] = state
    if (status.textContent !== words) status.textContent = words
  }

  const add = (name: string, value: string | number | undefined) => {
    if (!value) return
    const term = document.createElement('dt')
    const description = document.createElement('dd')
    term.textContent = name
    description.textContent = typeof value === 'number' ? value.toLocaleString('en') : value
    const row = document.createElement('div')
    row.append(term, description)
    usage.append(row)
  }

  const show = (line: Line) => {
    if (line.type === 'request') {
      const { method, url, headers, body } = line.request
      const head = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
      requests.append([`${method} ${url}`, ...head, '', JSON.stringify(body, undefined, 2), '', ''].join('\n'))
      wire.hidden = false
    } else if (line.type === 'event') {
      if (line.event.type === 'reasoning-delta') {
        say('thinking')
        reasoning.hidden = false
        append(thoughts, line.event.delta)
      } else if (line.event.type === 'text-delta') {
        say('answering')
        append(answer, line.event.delta)
      }
    } else if (line.type === 'done') {
      say('done', `done: ${line.finishReason}`)
      add('tokens in', line.usage?.inputTokens)
      add('tokens out', line.usage?.outputTokens)
      add('thinking', line.usage?.reasoningTokens)
      add('cached', line.usage?.cachedTokens)
      add('pictures', line.usage?.imageTokens)
      add('videos', line.usage?.videoTokens)
      if (line.cost) {
        const { currency, total, cache } = line.cost
        const money = { style: 'currency', currency, maximumSignificantDigits: 3 } as const
        add('cost', total.toLocaleString('en', money))
        if (cache > 0) add('of it cache', cache.toLocaleString('en', money))
      }
      add('first word', line.first === undefined ? undefined : `${line.first.toLocaleString('en')} ms`)
      add('whole', `${line.total.toLocaleString('en')} ms`)
    } else {
      say('failed', line.code)
      append(answer, `${line.message}${line.requestId === undefined ? '' : `\nrequest id: ${line.requestId}`}`)
    }
  }

  say('asking')
  return {
    element,
    show,
    stopped(why) {
      if (!over) say('failed', why)
    },
  }
}

/** Adds text, and keeps the end in sight for whoever is at the end. */
function append(target: HTMLElement, text: string): void {
  const atEnd = target.scrollHeight - target.scrollTop - target.clientHeight < 8
  target.append(text)
  if (atEnd) target.scrollTop = target.scrollHeight
}

function cloneTemplate(): HTMLElement {
  const { content } = find(document, '#panel', HTMLTemplateElement)
  return find(document.importNode(content, true), 'article', HTMLElement)
}
