import { expect, test } from 'vitest'

import { mergeHeaders } from './headers.ts'

test('later headers win, whatever the case of their names', () => {
  expect(mergeHeaders({ Accept: 'a', 'X-B': '1' }, undefined, { accept: 'c' })).toEqual({ accept: 'c', 'x-b': '1' })
})

test('an invalid header is refused before anything is sent, and its value is not shown', () => {
  const cases: [Record<string, unknown>, string][] = [
    [{ 'x y': 'secret' }, 'headers: "x…" is not a valid header name'],
    [{ 'x: secret': '' }, 'headers: "x…" is not a valid header name'],
    [{ '': 'secret' }, 'headers: "…" is not a valid header name'],
    [{ x: 'secret\n' }, 'headers.x: must hold printable ASCII only'],
    [{ x: 'secrét' }, 'headers.x: must hold printable ASCII only'],
    [{ x: 5 }, 'headers.x: must be text, got number'],
    [{ x: undefined }, 'headers.x: must be text, got undefined'],
  ]
  for (const [headers, message] of cases) expect(() => mergeHeaders(headers as Record<string, string>)).toThrow(message)
})
