import './no-eval.ts'
import type { Welcome } from '../line.ts'
import { createDirectAsk } from './ask-directly.ts'
import { askServer, type Ask } from './ask-server.ts'
import { createAttachments } from './attachments.ts'
import { createConversation } from './conversation.ts'
import { find } from './find.ts'
import { readSettings, setUpSettings } from './settings.ts'

const form = find(document, '#question', HTMLFormElement)
const prompt = find(document, '[name=prompt]', HTMLTextAreaElement)
const sendButton = find(document, '#ask', HTMLButtonElement)
const stopButton = find(document, '#stop', HTMLButtonElement)
const newButton = find(document, '#new', HTMLButtonElement)
const problem = find(document, '#problem', HTMLElement)
const attachments = createAttachments(form, showProblem)
const asking = welcome()
const conversation = createConversation(find(document, '#conversation', HTMLElement), async (...question) =>
  (await asking)(...question),
)
let running: AbortController | undefined

function showProblem(message: string): void {
  problem.textContent = message
}

/** Shows the service that answers, and returns the function that sends questions. */
async function welcome(): Promise<Ask> {
  const answer = (await (await fetch('/welcome')).json()) as Welcome
  find(document, '#service', HTMLElement).textContent = answer.live
    ? `${answer.service} answers, and bills each answer.`
    : 'A local mock answers: it echoes the prompt. Set DASHSCOPE_API_KEY to call Model Studio.'
  setUpSettings(form, answer)
  return answer.direct ? createDirectAsk(answer) : askServer
}

async function send(): Promise<void> {
  if (running || !form.reportValidity()) return
  showProblem('')
  const text = prompt.value.trim()
  if (text === '' && attachments.isEmpty()) return showProblem('Write a prompt, or add an image or a video.')
  const controller = new AbortController()
  let files: readonly File[] = []
  try {
    const settings = readSettings(form)
    if (settings.protocols.length === 0) return showProblem('Choose a protocol.')
    setRunning(controller)
    prompt.value = ''
    files = attachments.take()
    await conversation.send({ prompt: text, files, settings, signal: controller.signal })
  } catch (error) {
    // The message can be corrected and sent again.
    if (prompt.value === '') prompt.value = text
    attachments.add(files)
    showProblem(error instanceof Error ? error.message : String(error))
  } finally {
    setRunning(undefined)
    newButton.disabled = false
  }
}

function setRunning(controller: AbortController | undefined): void {
  running = controller
  sendButton.disabled = controller !== undefined
  stopButton.disabled = controller === undefined
  newButton.disabled = controller !== undefined
}

form.addEventListener('submit', (event) => {
  event.preventDefault()
  void send()
})
stopButton.addEventListener('click', () => running?.abort())
newButton.addEventListener('click', () => {
  conversation.clear()
  newButton.disabled = true
  prompt.focus()
})
document.addEventListener('keydown', ({ key, ctrlKey, metaKey }) => {
  if (key === 'Enter' && (ctrlKey || metaKey)) void send()
  if (key === 'Escape') running?.abort()
})
void asking.catch((error: unknown) => showProblem(String(error)))
