import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

import { checkRecording, type Recording } from '../recordings/recording.ts'

/** A recording with the name of its file, without `.json`. */
export interface NamedRecording {
  name: string
  recording: Recording
}

/** Reads the recordings of a folder, by the names of their files. Throws a `TypeError` for a JSON file that is not a recording. */
export async function loadRecordings(folder: string): Promise<Recording[]> {
  return (await readRecordings(folder)).map(({ recording }) => recording)
}

/** Does the same as `loadRecordings`, and keeps the names of the files. */
export async function readRecordings(folder: string): Promise<NamedRecording[]> {
  // Repetitions of a request come in the order in which they were made: `a`, `a_2`, …, `a_10`.
  const order = new Intl.Collator('en', { numeric: true })
  const files = (await readdir(folder)).filter((name) => name.endsWith('.json'))
  const names = files.map((name) => name.slice(0, -'.json'.length)).toSorted(order.compare)
  const recordings: NamedRecording[] = []
  // One after the other: thousands of open files exceed the limit of a process.
  for (const name of names) {
    const recording = parse(await readFile(join(folder, `${name}.json`), 'utf8'), name)
    checkRecording(recording, name)
    recordings.push({ name, recording })
  }
  return recordings
}

function parse(text: string, name: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new TypeError(`${name}: must be JSON: ${(error as Error).message}`, { cause: error })
  }
}
