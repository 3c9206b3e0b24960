import type { Line } from '../line.ts'
import { createElement, find } from './find.ts'

/** Shows the requests and each event of the responses with its time. */
export interface WireView {
  showRequest: (line: Extract<Line, { type: 'request' }>) => void
  showEvent: (line: Extract<Line, { type: 'wire' }>) => void
}

/** The most events that are shown; tens of thousands would slow the page. */
const mostEvents = 2000

/** Creates the view in an element of the template. */
export function createWireView(element: HTMLElement): WireView {
  const requests = find(element, '.requests', HTMLElement)
  const rows = find(element, 'tbody', HTMLElement)
  let count = 0
  return {
    showRequest({ request }) {
      const { method, url, headers, body } = request
      const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
      requests.append([`${method} ${url}`, ...lines, '', JSON.stringify(body, undefined, 2), '', ''].join('\n'))
      element.hidden = false
    },
    showEvent({ at, text }) {
      count += 1
      if (count > mostEvents + 1) return
      const shown = count > mostEvents ? 'Further events are not shown.' : text
      rows.append(createElement('tr', createElement('td', at.toLocaleString('en')), createElement('td', shown)))
    },
  }
}
