import { cutFrames, readFrame } from '../faults/frames.ts'
import { type Fields, fieldsOf, listOf, textOf } from '../fields.ts'
import type { Fixture } from '../fixtures/fixture.ts'
import { protocolOf, type Recording, textOfRecording } from './recording.ts'

/** The content of a recorded answer, read from its bytes alone. */
export interface RecordedAnswer {
  text: string
  reasoning: string
  /** Whether it is an error: by its status, or inside a stream of status 200. */
  isError: boolean
}

function textIn(content: unknown): string {
  return (
    textOf(content) ??
    listOf(content)
      .map((part) => textOf(fieldsOf(part)['text']) ?? '')
      .join('')
  )
}

function bodiesOf(text: string): Fields[] {
  return cutFrames(new TextEncoder().encode(text)).flatMap((bytes) => readFrame(bytes).values.map(fieldsOf))
}

/** Returns the choice that a client reads; with `n` above 1, a frame may hold another one. */
function firstChoice(body: Fields): Fields {
  const choices = listOf(fieldsOf(body['output'])['choices'] ?? body['choices']).map(fieldsOf)
  return choices.find(({ index = 0 }) => index === 0) ?? {}
}

/** Reads a recorded answer. Returns undefined for streams whose frames repeat the answer so far. */
export function readRecordedAnswer(recording: Recording): RecordedAnswer | undefined {
  const { request, response } = recording
  const protocol = protocolOf(recording)
  if (protocol === undefined || response.end !== 'complete') return undefined
  const isStream = /event-stream/.test(response.headers['content-type'] ?? '')
  const parameters = fieldsOf(fieldsOf(request.body)['parameters'])
  if (isStream && protocol === 'dashscope' && parameters['incremental_output'] !== true) return undefined
  const answer: RecordedAnswer = { text: '', reasoning: '', isError: response.status >= 400 }
  for (const body of bodiesOf(textOfRecording(recording))) {
    const output = fieldsOf(body['output'])
    const choice = firstChoice(body)
    const message = fieldsOf(choice['delta'] ?? choice['message'])
    answer.text += textIn(message['content'] ?? output['text'])
    answer.reasoning += textIn(message['reasoning_content'])
    answer.isError ||= body['error'] !== undefined || (body['code'] !== undefined && body['output'] === undefined)
  }
  return answer
}

/**
 * Creates a fixture of a recorded chat, for `replay` and for the files of a test. Throws a `TypeError` for any other exchange.
 *
 * ```ts
 * mock.use(replay(toFixture(recording, 'my-answer')))
 * ```
 */
export function toFixture(recording: Recording, scenario: string): Fixture {
  const protocol = protocolOf(recording)
  if (protocol === undefined) throw new TypeError(`toFixture: ${recording.request.path} is not a chat`)
  const { request, response } = recording
  const isStream = /event-stream/.test(response.headers['content-type'] ?? '')
  const kind = response.status >= 400 ? 'error' : isStream ? 'stream' : 'response'
  return {
    scenario,
    protocol,
    source: 'a recording of the service, by `dualscope record`',
    note: `${kind}: verbatim, without keys and the bytes of media`,
    request: JSON.stringify(request.body),
    [kind]: textOfRecording(recording),
  }
}
