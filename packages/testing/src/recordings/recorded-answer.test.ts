import { expect, test } from 'vitest'

import { compareRecordings } from './compare-recordings.ts'
import { readRecordedAnswer } from './recorded-answer.ts'
import type { Recording } from './recording.ts'

function recordingOf(path: string, text: string): Recording {
  return {
    version: 1,
    request: { method: 'POST', path, headers: {}, body: { parameters: { incremental_output: true } } },
    response: {
      status: 200,
      headers: { 'content-type': 'text/event-stream' },
      pieces: [{ after: 0, text }],
      end: 'complete',
    },
  }
}

function chunk(choices: readonly object[]): string {
  return `data: ${JSON.stringify({ choices })}\n\n`
}

function choice(index: number, content: string) {
  return { index, delta: { content } }
}

function event(content: unknown): string {
  return `id:1\nevent:result\ndata:${JSON.stringify({ output: { choices: [{ message: { content } }] } })}\n`
}

test('the answer of a recording is its first choice, whatever the order of the chunks', () => {
  const stream = [[choice(1, 'other')], [choice(0, 'one ')], [choice(1, 'others'), choice(0, 'two')]].map(chunk)
  expect(readRecordedAnswer(recordingOf('/compatible-mode/v1/chat/completions', stream.join('')))).toEqual({
    text: 'one two',
    reasoning: '',
    isError: false,
  })
})

test('native events without blank lines are read and compared one by one', () => {
  const path = '/api/v1/services/aigc/text-generation/generation'
  const before = recordingOf(path, event('1') + event('2'))
  expect(readRecordedAnswer(before)?.text).toBe('12')
  expect(compareRecordings(before, recordingOf(path, event('1') + event([{ text: '2' }])))).toEqual([
    '+ output.choices[].message.content: array',
    '+ output.choices[].message.content[]: object',
    '+ output.choices[].message.content[].text: string',
  ])
})
