import type { Protocol } from '../line.ts'
import type { QuestionFields } from '../question.ts'
import type { Ask } from './ask-server.ts'
import { createThumbnail, formatSize, releaseThumbnails } from './attachments.ts'
import { compareTexts } from './differences.ts'
import { cloneTemplate, createElement, find } from './find.ts'
import { createPanel, type Panel } from './panel.ts'
import type { Settings } from './settings.ts'

interface Turn {
  prompt: string
  files: readonly File[]
  panels: ReadonlyMap<Protocol, Panel>
}

/** The turns on the page. */
export interface Conversation {
  /** Sends a message over the protocols of the settings. Rejects if the server refuses it. */
  send: (message: { prompt: string; files: readonly File[]; settings: Settings; signal: AbortSignal }) => Promise<void>
  clear: () => void
}

/** Creates a conversation in an element. `ask` sends its questions. */
export function createConversation(element: HTMLElement, ask: Ask): Conversation {
  let turns: Turn[] = []

  return {
    async send({ prompt, files, settings, signal }) {
      const question: QuestionFields = { ...settings, turns: [...turns.map(turnFields), { prompt }] }
      const allFiles = [...turns.map((turn) => turn.files), files]
      const panels = new Map(
        settings.protocols.map((protocol) => [protocol, createPanel({ protocol, question, files: allFiles })]),
      )
      const section = showTurn({ prompt, files, panels }, turns.length + 1)
      element.append(section)
      section.scrollIntoView({ block: 'start' })
      turns.push({ prompt, files, panels })
      let reason = 'the answer is incomplete'
      try {
        await ask(question, allFiles, signal, (line) => panels.get(line.protocol)?.show(line))
      } catch (error) {
        reason = signal.aborted ? 'stopped' : 'not sent'
        if (!signal.aborted) throw error
      } finally {
        for (const panel of panels.values()) panel.stop(reason)
        showComparison(section, panels)
      }
    },
    clear() {
      turns = []
      releaseThumbnails(element)
      element.replaceChildren()
    },
  }
}

function turnFields({ prompt, panels }: Turn): QuestionFields['turns'][number] {
  const answers = Object.fromEntries([...panels].map(([protocol, panel]) => [protocol, panel.answer()]))
  return { prompt, answers }
}

function showTurn({ prompt, files, panels }: Turn, number: number): HTMLElement {
  const section = cloneTemplate('turn')
  section.ariaLabel = `Turn ${number}`
  find(section, 'h2', HTMLElement).textContent = 'You'
  find(section, '.message .text', HTMLElement).textContent = prompt
  find(section, '.media', HTMLElement).replaceChildren(
    ...files.map((file) => createElement('li', createThumbnail(file), `${file.name}, ${formatSize(file.size)}`)),
  )
  find(section, '.panels', HTMLElement).replaceChildren(...[...panels.values()].map((panel) => panel.element))
  return section
}

/** Compares the answers, if there are two. */
function showComparison(section: HTMLElement, panels: ReadonlyMap<Protocol, Panel>): void {
  const [left, right] = [...panels.values()]
  const answers = [left?.answer()?.content, right?.answer()?.content]
  const [leftText, rightText] = answers
  if (!left || !right || leftText === undefined || rightText === undefined) return
  const comparison = find(section, '.comparison', HTMLElement)
  const summary = find(comparison, '.summary', HTMLElement)
  const label = find(comparison, 'label', HTMLElement)
  const differences = compareTexts(leftText, rightText)
  comparison.hidden = false
  label.hidden = !differences || leftText === rightText
  if (leftText === rightText) summary.textContent = 'Both answers are the same.'
  else if (!differences) summary.textContent = 'The answers differ in most of their words.'
  else if (differences.words === 0) summary.textContent = 'The answers differ in spaces and punctuation only.'
  else summary.textContent = `${differences.words} words are in one answer only.`
  const box = find(comparison, 'input', HTMLInputElement)
  box.addEventListener('change', () => {
    left.mark(box.checked ? differences?.left : undefined)
    right.mark(box.checked ? differences?.right : undefined)
  })
}
