import { ApiError, DualscopeError, type ChatResult, type ChatStream, type Region } from '@dualscope/core'

import { messageWithInputName, type NamedInput } from '../input-names.ts'
import { Interrupted } from '../interrupt.ts'
import { costOf, describePartial, describeSpent } from './describe-answer.ts'
import { createMarkdownWriter, type MarkdownWriter } from './markdown.ts'
import { hasColours, type OutputStream, style, textFor, write, writeJson } from './terminal.ts'
import type { UploadProgress } from './upload-progress.ts'

/** Options for showing an answer. */
export interface AnswerView {
  progress: UploadProgress
  /** Prints Markdown unrendered, also on a terminal. */
  plain: boolean
  /** Prints the answer alone. */
  quiet: boolean
  /** The region of the prices. */
  region?: Region | undefined
}

/** Shows an answer as it arrives: the text on stdout, everything else on stderr. */
export async function showText(answer: ChatStream<unknown>, view: AnswerView): Promise<void> {
  const { stdout } = process
  const writer = createWriter(stdout, view.plain)
  const thinking = createThinkingView(view.quiet)
  let last = ''
  const writeText = async (text: string) => {
    if (text === '') return
    last = text
    await write(stdout, text)
  }
  const endText = async () => {
    await thinking.end()
    await writeText(writer.finish())
    if (last !== '' && !last.endsWith('\n')) await write(stdout, '\n')
  }
  await watch(answer, view, {
    async onEvent(event) {
      if (event.type === 'reasoning-delta') await thinking.show(event.delta)
      else if (event.type === 'text-delta') {
        await thinking.end()
        await writeText(writer.push(event.delta))
      }
    },
    onEnd: endText,
    isEmpty: () => last === '',
  })
}

/** Shows the thinking of an answer on stderr, and the answer's data as JSON on stdout once it matches its schema. */
export async function showData(answer: ChatStream<unknown>, view: AnswerView): Promise<void> {
  const thinking = createThinkingView(view.quiet)
  await watch(answer, view, {
    async onEvent(event) {
      if (event.type === 'reasoning-delta') await thinking.show(event.delta)
      else if (event.type === 'text-delta') await thinking.end()
    },
    onEnd: () => thinking.end(),
    isEmpty: () => false,
    onResult: ({ output }) => writeJson(process.stdout, output, 2),
  })
}

interface Watcher {
  onEvent: (event: EventOf<ChatStream<unknown>>) => Promise<void>
  /** Called when the events have ended, complete or not. */
  onEnd: () => Promise<void>
  isEmpty: () => boolean
  onResult?: (result: ChatResult<unknown>) => Promise<void>
}

type EventOf<Stream> = Stream extends AsyncIterable<infer Event> ? Event : never

/** Reads an answer to its end, and describes its cost on stderr, also after a failure. */
async function watch(answer: ChatStream<unknown>, view: AnswerView, watcher: Watcher): Promise<void> {
  const { stderr } = process
  const { progress, quiet } = view
  const describeDim = (result: ChatResult<unknown>) =>
    style(stderr, 'dim', textFor(stderr, describeSpent(result, view.region)))
  try {
    for await (const event of answer) {
      progress.clear()
      await watcher.onEvent(event)
    }
    const result = await answer.result()
    await watcher.onEnd()
    await watcher.onResult?.(result)
    if (!quiet) await write(stderr, `${watcher.isEmpty() ? '' : '\n'}${describeDim(result)}\n`)
  } catch (error) {
    progress.clear()
    await watcher.onEnd()
    const partial = answer.snapshot()
    if (error instanceof Interrupted)
      await write(stderr, `\n${textFor(stderr, describePartial(partial, view.region))}\n`)
    else if (partial.usage && !quiet) await write(stderr, `${describeDim(partial)}\n`)
    throw error
  }
}

/** Creates a writer of the answer: rendered Markdown on a terminal, unchanged text elsewhere. */
function createWriter(stdout: OutputStream, plain: boolean): MarkdownWriter {
  const isRendered = stdout.isTTY && !plain && process.env['TERM'] !== 'dumb'
  return isRendered ? createMarkdownWriter(stdout) : { push: (delta) => textFor(stdout, delta), finish: () => '' }
}

/** Shows thinking on stderr, dimmed; without colours, headings separate it from the answer. */
function createThinkingView(quiet: boolean) {
  const { stdout, stderr } = process
  const isLabelled = !hasColours(stderr)
  let isShown = false
  return {
    async show(delta: string): Promise<void> {
      if (quiet) return
      if (!isShown && isLabelled) await write(stderr, 'Thinking:\n')
      isShown = true
      await write(stderr, style(stderr, 'dim', textFor(stderr, delta)))
    },
    async end(): Promise<void> {
      if (!isShown) return
      isShown = false
      await write(stderr, isLabelled && stdout.isTTY ? '\n\nAnswer:\n' : '\n\n')
    },
  }
}

/**
 * Prints an answer for a program, on stdout: the result as one line of JSON, or each event as a line and the result last. The
 * result includes its `cost`, or `interrupted: true`. An error is JSON too.
 */
export async function showJson(
  answer: ChatStream<unknown>,
  { progress, region }: AnswerView,
  { events, input }: { events: boolean; input: NamedInput },
): Promise<void> {
  const { stdout } = process
  const writeResult = (result: object) => writeJson(stdout, events ? { type: 'result', result } : result)
  try {
    for await (const event of answer) {
      progress.clear()
      if (events) await writeJson(stdout, event)
    }
    const result = await answer.result()
    await writeResult({ ...result, cost: costOf(result, region) })
  } catch (error) {
    progress.clear()
    if (error instanceof Interrupted) await writeResult({ ...answer.snapshot(), interrupted: true })
    else await writeJson(stdout, { ...(events ? { type: 'error' } : {}), error: errorAsJson(error, input) })
    throw error
  }
}

/** Turns an error into JSON for programs. */
function errorAsJson(error: unknown, input: NamedInput): object {
  if (!(error instanceof DualscopeError)) return { message: String(error) }
  const { code, partial } = error
  const message = messageWithInputName(error, input)
  if (!(error instanceof ApiError)) return { code, message, partial }
  const { status, serviceCode, requestId, protocol, retryable, retryAfter } = error
  return { code, message, status, serviceCode, requestId, protocol, retryable, retryAfter, partial }
}
