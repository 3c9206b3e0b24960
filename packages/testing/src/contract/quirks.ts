import type { Case } from './case.ts'
import { equal, matches } from './difference.ts'
import { drain } from './workbench.ts'

interface Stream {
  name: string
  /** The lines of the body, an event each unless the body is joined otherwise. */
  events: readonly string[]
  /** Between the events. @default a blank line */
  separator?: string
  /** @default the one of the suite */
  model?: string
  expected: Readonly<Record<string, unknown>>
}

const usage = { inputTokens: 8, outputTokens: 3, totalTokens: 11 }
const said = { text: 'Hello there', finishReason: 'stop', usage }

function delta(content: string, finish: string | null = null, index: number = 0): string {
  const choice = { index, delta: { role: 'assistant', content }, finish_reason: finish }
  return `data: ${JSON.stringify({ id: 'c-1', object: 'chat.completion.chunk', model: 'm', choices: [choice] })}`
}
const usageChunk = '"usage":{"prompt_tokens":8,"completion_tokens":3,"total_tokens":11}'
const counted = `data: {"id":"c-1","choices":[],${usageChunk}}`
const done = 'data: [DONE]'

function frame(id: number, content: string, finish: string = 'null'): string {
  const choices = [{ message: { role: 'assistant', content }, finish_reason: finish }]
  const tokens = { input_tokens: 8, output_tokens: 3, total_tokens: 11 }
  const data = JSON.stringify({ output: { choices }, usage: tokens, request_id: 'r-1' })
  return `id:${id}\nevent:result\n:HTTP_STATUS/200\ndata:${data}`
}

// The halves of one character, which JSON may escape one by one.
const halves = ['\ud83d', '\ude00'] as const

/** Shapes of streams that users and recordings show (wire-protocol 15.1, November 2026). */
const streams: Readonly<Record<string, readonly Stream[]>> = {
  compatible: [
    {
      name: 'with events that say nothing',
      events: [
        'data:',
        delta('Hello'),
        ': keep-alive',
        'event: ping\ndata: {"type":"ping"}',
        'data: null',
        'data: {}',
        delta(' there', 'stop'),
        counted,
        done,
      ],
      expected: said,
    },
    ...['null', 'missing'].map((choices) => ({
      name: `whose usage chunk has choices ${choices}`,
      events: [
        delta('Hello there', 'stop'),
        `data: {"id":"c-1",${choices === 'null' ? '"choices":null,' : ''}${usageChunk}}`,
        done,
      ],
      expected: said,
    })),
    {
      name: 'with a second choice',
      events: [
        delta('Hello'),
        delta('Goodbye', null, 1),
        delta(' there', 'stop'),
        delta('', 'length', 1),
        counted,
        done,
      ],
      expected: said,
    },
    {
      // The catalogue names the model.
      name: 'that repeats all so far',
      model: 'qwen-mt-plus',
      events: ['Hello', 'Hello there', 'Hello there, who', 'Hello there, who are you?']
        .map((text) => delta(text))
        .concat(delta('Hello there, who are you?', 'stop'), counted, done),
      expected: { ...said, text: 'Hello there, who are you?' },
    },
    {
      name: 'with a character in two deltas',
      events: [delta(halves[0]), delta(halves[1]), delta('!', 'stop'), counted, done],
      expected: { ...said, text: '😀!' },
    },
  ],
  dashscope: [
    {
      name: 'with events that say nothing',
      events: [
        'event:heartbeat\ndata:',
        frame(1, 'Hello'),
        'event:ping\ndata:{"type":"ping"}',
        'data:null',
        'data:{}',
        frame(2, ' there', 'stop'),
        'event:done\ndata:[DONE]',
      ],
      expected: said,
    },
    {
      name: 'without blank lines between its events',
      events: [frame(1, 'Hello'), frame(2, ' there'), frame(3, '', 'stop')],
      separator: '\n',
      expected: said,
    },
    {
      // The catalogue does not know the model, so the evidence decides.
      name: 'that repeats all so far',
      model: 'unknown-model',
      events: ['Hello', 'Hello there', 'Hello there, who', 'Hello there, who are you?']
        .map((text, index) => frame(index + 1, text))
        .concat(frame(5, 'Hello there, who are you?', 'stop')),
      expected: { ...said, text: 'Hello there, who are you?' },
    },
    {
      name: 'with a character in two deltas',
      events: [frame(1, halves[0]), frame(2, halves[1]), frame(3, '!', 'stop')],
      expected: { ...said, text: '😀!' },
    },
  ],
}

/** Streams in odd but reported shapes; for the protocols of Model Studio alone. */
export function quirkCases(protocol: string): readonly Case[] {
  return (streams[protocol] ?? []).map(({ name, events, separator = '\n\n', model, expected }) => ({
    name: `streams: a stream ${name} is understood`,
    async run({ client, mock }) {
      const body = `${events.join(separator)}\n\n`
      mock.use({ type: 'raw', body, headers: { 'content-type': 'text/event-stream' } })
      const { events: seen, result } = await drain(client({}, model).stream('Hello'))
      matches(result, expected, 'The result')
      const deltas = seen.flatMap((event) => (event.type === 'text-delta' ? [event.delta] : []))
      equal(deltas.join(''), result.text, 'The deltas')
      equal(
        deltas.filter((text) => !text.isWellFormed()),
        [],
        'Deltas with half a character',
      )
    },
  }))
}
