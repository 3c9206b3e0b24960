import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

import { renderFixtures } from '../../../scripts/generate-fixtures.ts'
import type { Fixture } from './fixture.ts'
import { fixtures } from './fixtures.ts'

const folder = new URL('../fixtures/', import.meta.url)
const all: Fixture[] = [...Object.values(fixtures.compatible), ...Object.values(fixtures.dashscope)]
const streams = all.filter(({ stream }) => stream !== undefined)

test('the generated module is what the files say', () => {
  expect(readFileSync(new URL('fixtures.ts', import.meta.url), 'utf8')).toBe(renderFixtures())
})

test('every file tells its source, its date and what of it is verbatim', () => {
  const sources = JSON.parse(readFileSync(new URL('sources.json', folder), 'utf8'))
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => /\/.*\./.test(name))
  expect(Object.keys(sources).sort()).toEqual(files.sort())
  for (const entry of Object.values(sources)) {
    expect(entry).toEqual({
      source: expect.stringMatching(/./),
      date: expect.stringMatching(/./),
      note: expect.stringMatching(/./),
    })
  }
})

test('the bytes load as they are in the files', () => {
  expect(fixtures.compatible['who-are-you'].response).toBe(
    readFileSync(new URL('compatible/who-are-you.response.json', folder), 'utf8'),
  )
  expect(JSON.parse(fixtures.dashscope['who-are-you'].response).request_id).toBe('709a0697-ed1f-4298-82c9-a4b878da1849')
})

test.each(streams)('$protocol/$scenario is framed as its protocol frames', ({ protocol, stream = '' }) => {
  const frames = stream.split('\n\n')
  expect(frames.pop()).toBe('')
  const shape =
    protocol === 'compatible'
      ? /^data: (?<data>\{.*\}|\[DONE\])$/
      : /^id:\d+\nevent:(?:result|error)\n:HTTP_STATUS\/\d{3}\ndata:(?<data>\{.*\})$/
  for (const frame of frames) {
    const data = shape.exec(frame)?.groups?.['data']
    expect({ frame, data }).toEqual({ frame, data: expect.any(String) })
    if (data !== '[DONE]') JSON.parse(data ?? '')
  }
})
