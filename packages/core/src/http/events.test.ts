import { expect, test } from 'vitest'

import { createEventParser, type ServerSentEvent } from './events.ts'

/** A parser that gives what it has handed over. */
function collecting() {
  const events: ServerSentEvent[] = []
  const parser = createEventParser((event) => events.push(event))
  return {
    feed(text: string) {
      parser.feed(text)
      return events.splice(0)
    },
    end() {
      parser.end()
      return events.splice(0)
    },
    rest: () => events,
  }
}

test('events come with their name and with the comments before their data', () => {
  const reader = collecting()
  expect(reader.feed('id:1\nevent:error\n:HTTP_STATUS/400\ndata:{"a"')).toEqual([])
  expect(reader.feed(':1}\r\n\r\ndata: x\n\n')).toEqual([
    { id: '1', event: 'error', data: '{"a":1}', comment: 'HTTP_STATUS/400' },
    { data: 'x' },
  ])
  expect(reader.end()).toEqual([])
})

test('the end brings out an event that lacks its blank line, marked as such', () => {
  const reader = collecting()
  reader.feed('data: x')
  expect(reader.end()).toEqual([{ data: 'x', unterminated: true }])
})

test('comments that keep a stream alive are not kept', () => {
  const reader = collecting()
  for (let beat = 0; beat < 1000; beat += 1) reader.feed(`: beat ${beat}\n\n`)
  const [event] = reader.feed(':HTTP_STATUS/200\ndata: x\n\n')
  expect(event?.comment?.split('\n')).toHaveLength(8)
  expect(event?.comment).toMatch(/HTTP_STATUS\/200$/)
})

test('an event longer than 16 MiB is a `protocol` error, after the events before it', () => {
  const mebibyte = 'x'.repeat(1024 * 1024)
  const one = collecting()
  one.feed('data: ')
  for (let fed = 0; fed < 15; fed += 1) one.feed(mebibyte)
  expect(() => {
    one.feed(mebibyte)
    one.feed(mebibyte)
  }).toThrow(expect.objectContaining({ code: 'protocol' }) as Error)
  expect(() => one.end()).toThrow('longer than 16 MiB')

  const many = collecting()
  expect(() => many.feed(`data: first\n\ndata: ${mebibyte.repeat(17)}`)).toThrow('longer than 16 MiB')
  expect(many.rest()).toEqual([{ data: 'first' }])
  expect(() => many.feed('more')).toThrow('longer than 16 MiB')

  const lines = collecting()
  expect(() => {
    for (let fed = 0; fed < 20; fed += 1) lines.feed(`data: ${mebibyte}\n`)
  }).toThrow('longer than 16 MiB')
})

test.for(['\n', '\r\n', '\r'])('a long line comes whole wherever two reads cut it, with line ends %j', (lineEnd) => {
  const long = 'x'.repeat(3_000)
  const stream = ['id:1', `data:${long}1`, '', ':note', `data:${long}2`, 'data:more', '', `data:${long}3`, '', '']
    .join(lineEnd)
    .concat(lineEnd)
  const whole = collecting()
  const expected = whole.feed(stream)
  expect(expected).toHaveLength(3)
  for (let size = 900; size < 3_100; size += 97) {
    const cut = collecting()
    const events: ServerSentEvent[] = []
    for (let at = 0; at < stream.length; at += size) events.push(...cut.feed(stream.slice(at, at + size)))
    expect(events).toEqual(expected)
  }
})

test('an id begins an event of its own where the protocol says so, also without blank lines', () => {
  const events: ServerSentEvent[] = []
  const parser = createEventParser((event) => events.push(event), { idBeginsEvent: true })
  for (const piece of ['id:1\nevent:result\nda', 'ta:{"a":1}\nid', ':2\nevent:result\ndata:{"a":2}\n'])
    parser.feed(piece)
  parser.end()
  expect(events.map(({ id, data }) => [id, data])).toEqual([
    ['1', '{"a":1}'],
    ['2', '{"a":2}'],
  ])
})

test.for(['\n', '\r\n', '\r'])('an id begins its event wherever two reads cut it, with line ends %j', (lineEnd) => {
  const lines = [
    'id:1',
    'data:{"a":1}',
    'id:2',
    'event:result',
    'data:id:',
    'data:i',
    'id:3',
    'data:{"a":3}',
    '',
    'id:4',
  ]
  const stream = [...lines, 'data:{"a":4}', ''].join(lineEnd)
  for (let size = 1; size < stream.length; size += 1) {
    const events: ServerSentEvent[] = []
    const parser = createEventParser((event) => events.push(event), { idBeginsEvent: true })
    for (let at = 0; at < stream.length; at += size) parser.feed(stream.slice(at, at + size))
    parser.end()
    expect(events.map(({ id, data }) => [id, data])).toEqual([
      ['1', '{"a":1}'],
      ['2', 'id:\ni'],
      ['3', '{"a":3}'],
      ['4', '{"a":4}'],
    ])
  }
})
