import { fieldsOf, textOf } from '../fields.ts'
import { replay } from '../mock/replay.ts'
import { readRecordedAnswer, toFixture } from '../recordings/recorded-answer.ts'
import { protocolOf, type Recording } from '../recordings/recording.ts'
import type { Case } from './case.ts'
import { equal } from './difference.ts'
import { defaultModel } from './workbench.ts'

function modelOf({ request }: Recording): string {
  return textOf(fieldsOf(request.body)['model']) ?? defaultModel
}

/** Creates a case for each recording of the transport's protocol: the answer is what its bytes hold. */
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
