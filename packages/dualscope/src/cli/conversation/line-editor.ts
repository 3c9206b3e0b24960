import { createInterface, type CompleterResult } from 'node:readline'
import type { ReadStream, WriteStream } from 'node:tty'

/** Options of `createLineEditor`. */
export interface LineEditorOptions {
  input: ReadStream
  output: WriteStream
  /** Earlier lines, the newest first. */
  history: readonly string[]
  complete: (line: string) => CompleterResult
  onHistory: (history: readonly string[]) => void
}

/** Reads messages from a terminal, with history and completion. */
export interface LineEditor {
  /** Reads a message of one or more lines, with its leading spaces; undefined when the user ends the input. */
  read: () => Promise<string | undefined>
  close: () => void
}

const fence = '"""'
const pasteMode = { on: '\u001B[?2004h', off: '\u001B[?2004l' }
const prompts = { first: '> ', next: '… ' }

/**
 * Creates a line editor with Node's `readline`. A message continues after a line that ends with `\`, between lines of `"""`, and
 * within a paste. Between two reads the terminal is in its normal mode, so that Ctrl-C is a signal.
 */
export function createLineEditor(options: LineEditorOptions): LineEditor {
  const { input, output, history, complete, onHistory } = options
  const editor = createInterface({
    input,
    output,
    terminal: true,
    prompt: prompts.first,
    history: [...history],
    historySize: 1000,
    removeHistoryDuplicates: true,
    completer: complete,
  })
  const messages: string[] = []
  let waiting: ((message: string | undefined) => void) | undefined
  let lines: string[] = []
  let isPasting = false
  let isClosed = false
  let wasInterrupted = false

  const prompt = (text: string) => {
    editor.setPrompt(text)
    editor.prompt()
  }
  const rest = () => {
    output.write(pasteMode.off)
    if (isClosed) return
    editor.pause()
    input.setRawMode(false)
  }
  const deliver = (message: string | undefined) => {
    const resolve = waiting
    waiting = undefined
    rest()
    resolve?.(message)
  }

  editor.on('line', (line) => {
    wasInterrupted = false
    lines.push(line)
    if (isPasting || isUnfinished(lines)) return prompt(prompts.next)
    messages.push(joinLines(lines))
    lines = []
    if (waiting) deliver(messages.shift())
  })
  editor.on('history', onHistory)
  editor.on('SIGINT', () => {
    const isEmpty = editor.line === '' && lines.length === 0
    if (isEmpty && wasInterrupted) return deliver(undefined)
    wasInterrupted = isEmpty
    lines = []
    output.write(isEmpty ? '\n(Press Ctrl-C again, or Ctrl-D, to leave.)\n' : '^C\n')
    editor.write(null, { ctrl: true, name: 'e' })
    editor.write(null, { ctrl: true, name: 'u' })
    prompt(prompts.first)
  })
  editor.on('close', () => {
    isClosed = true
    output.write('\n')
    deliver(undefined)
  })
  const watchPaste = (_: unknown, key: { name?: string } | undefined) => {
    if (key?.name === 'paste-start') isPasting = true
    if (key?.name === 'paste-end') isPasting = false
  }
  input.on('keypress', watchPaste)
  rest()

  return {
    read: () =>
      new Promise((resolve) => {
        if (isClosed || messages.length > 0) return resolve(messages.shift())
        waiting = resolve
        input.setRawMode(true)
        output.write(pasteMode.on)
        prompt(lines.length > 0 ? prompts.next : prompts.first)
      }),
    close() {
      isClosed = true
      editor.removeAllListeners('close')
      input.off('keypress', watchPaste)
      editor.close()
      output.write(pasteMode.off)
    },
  }
}

/** Whether a message continues: after an open fence, or a line that ends with a backslash. */
function isUnfinished(lines: readonly string[]): boolean {
  const [first = ''] = lines
  const last = lines.at(-1) ?? ''
  if (!first.startsWith(fence)) return last.endsWith('\\')
  return lines.length === 1 ? !first.slice(fence.length).endsWith(fence) : !last.trimEnd().endsWith(fence)
}

function joinLines(lines: readonly string[]): string {
  const text = lines.join('\n')
  if (!text.startsWith(fence)) return text.replaceAll('\\\n', '\n').trimEnd()
  return text.slice(fence.length).trimEnd().slice(0, -fence.length).trim()
}
