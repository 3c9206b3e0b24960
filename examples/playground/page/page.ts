import type { Line, Protocol, Welcome } from '../line.ts'
import { find } from './find.ts'
import { createPanel, type Panel } from './panel.ts'

const form = find(document, '#question', HTMLFormElement)
const model = find(document, '[name=model]', HTMLSelectElement)
const thinking = find(document, '[name=thinking]', HTMLSelectElement)
const media = find(document, '[name=media]', HTMLInputElement)
const askButton = find(document, '#ask', HTMLButtonElement)
const stopButton = find(document, '#stop', HTMLButtonElement)
const problem = find(document, '#problem', HTMLElement)
const previews = find(document, '#previews', HTMLElement)
const panels = find(document, '#panels', HTMLElement)
let asking: AbortController | undefined

async function welcome(): Promise<void> {
  const { service, live, models } = (await (await fetch('/welcome')).json()) as Welcome
  find(document, '#service', HTMLElement).textContent = live
    ? `${service} answers, and each answer is billed.`
    : 'A mock answers: it says back what it was told. Start with DASHSCOPE_API_KEY set to ask Model Studio.'
  model.replaceChildren(
    ...models.map(({ id, inputs, retired }) => {
      const sees = inputs.filter((input) => input !== 'text')
      const notes = [...(sees.length > 0 ? sees : ['text']), ...(retired ? ['retired'] : [])]
      return new Option(`${id}: ${notes.join(', ')}`, id)
    }),
  )
}

async function ask(): Promise<void> {
  if (asking || !form.reportValidity()) return
  const question = new FormData(form)
  asking = new AbortController()
  askButton.disabled = true
  stopButton.disabled = false
  problem.textContent = ''
  const shown = new Map((question.getAll('protocol') as Protocol[]).map((name) => [name, createPanel(name)]))
  panels.replaceChildren(...[...shown.values()].map(({ element }) => element))
  let why = 'the answer is not whole'
  try {
    const response = await fetch('/ask', { method: 'POST', body: question, signal: asking.signal })
    if (!response.ok || !response.body) throw new Error(((await response.json()) as { message: string }).message)
    await showAnswer(response.body, shown)
  } catch (error) {
    if (asking.signal.aborted) why = 'stopped'
    else problem.textContent = error instanceof Error ? error.message : String(error)
  } finally {
    for (const panel of shown.values()) panel.stopped(why)
    asking = undefined
    askButton.disabled = false
    stopButton.disabled = true
  }
}

async function showAnswer(body: ReadableStream<BufferSource>, shown: ReadonlyMap<Protocol, Panel>): Promise<void> {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader()
  let rest = ''
  for (let { done, value } = await reader.read(); !done; { done, value } = await reader.read()) {
    const lines = (rest + value).split('\n')
    rest = lines.pop() ?? ''
    for (const text of lines) {
      const line = JSON.parse(text) as Line
      shown.get(line.protocol)?.show(line)
    }
  }
}

function showPreviews(): void {
  for (const old of previews.querySelectorAll<HTMLImageElement | HTMLVideoElement>('img, video'))
    URL.revokeObjectURL(old.src)
  previews.replaceChildren(
    ...[...(media.files ?? [])].map((file) => {
      const element = document.createElement(file.type.startsWith('video/') ? 'video' : 'img')
      element.src = URL.createObjectURL(file)
      if (element instanceof HTMLImageElement) element.alt = file.name
      else {
        element.controls = true
        element.ariaLabel = file.name
      }
      return element
    }),
  )
}

form.addEventListener('submit', (event) => {
  event.preventDefault()
  void ask()
})
thinking.addEventListener('change', () => {
  find(document, '#budget', HTMLElement).hidden = thinking.value !== 'budget'
})
media.addEventListener('change', showPreviews)
stopButton.addEventListener('click', () => asking?.abort())
document.addEventListener('keydown', ({ key, ctrlKey, metaKey }) => {
  if (key === 'Enter' && (ctrlKey || metaKey)) void ask()
  if (key === 'Escape') asking?.abort()
})
void welcome()
