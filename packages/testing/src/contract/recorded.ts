import { replay } from '../mock/replay.ts'
import { readRecordedAnswer, toFixture } from '../recordings/recorded-answer.ts'
import { protocolOf, type Recording } from '../recordings/recording.ts'
import type { Case } from './case.ts'
import { equal } from './difference.ts'
import { defaultModel } from './workbench.ts'

function modelOf({ request }: Recording): string {
  const { body } = request
  return typeof body === 'object' && body !== null && 'model' in body ? String(body.model) : defaultModel
}

/** Recordings of the transport's own protocol: each answer is read as its bytes say. */
export function recordedCases(protocol: string, recordings: readonly Recording[]): readonly Case[] {
  return recordings.flatMap((recording, index): Case[] => {
    const answer = protocolOf(recording) === protocol ? readRecordedAnswer(recording) : undefined
    if (!answer) return []
    const { status } = recording.response
    const fixture = toFixture(recording, `recording ${index + 1}`)
    return [
      {
        name: `documented: recording ${index + 1}, of ${modelOf(recording)} with status ${status}, is read`,
        async run({ client, mock, rejectsWith, claims }) {
          mock.use(replay(fixture, { status }))
          const asking = client({}, modelOf(recording))
          const call = fixture.stream === undefined ? asking.chat('Hello') : asking.stream('Hello').result()
          if (answer.isError) {
            await rejectsWith(call, status >= 400 ? { status } : {}, 'The error')
            return
          }
          const { text, reasoning } = await call
          equal(text, answer.text, 'The text')
          if (claims.thinking) equal(reasoning, answer.reasoning, 'The reasoning')
        },
      },
    ]
  })
}
