import { expect, test } from 'vitest'

import { createBodyReader, readAll, readReason } from './body.ts'
import { startDeadline } from './deadline.ts'

function readBody(body: ReadableStream<Uint8Array>, signal?: AbortSignal) {
  return createBodyReader(body, startDeadline({ signal, timeout: Infinity }))
}

function bodyOf(...pieces: (Uint8Array | Error)[]): ReadableStream<Uint8Array> {
  const left = [...pieces]
  return new ReadableStream({
    pull(controller) {
      const piece = left.shift()
      if (piece instanceof Error) controller.error(piece)
      else if (piece) controller.enqueue(piece)
      else controller.close()
    },
  })
}

function bytes(text: string) {
  return new TextEncoder().encode(text)
}
const [first = 0, ...others] = bytes('世')

test('a character that is cut between two reads comes whole', async () => {
  const body = bodyOf(Uint8Array.of(first), Uint8Array.from(others), bytes('!'))
  expect(await readAll(readBody(body))).toBe('世!')
})

test('a character that the end has cut is left out', async () => {
  expect(await readAll(readBody(bodyOf(bytes('a'), Uint8Array.of(first))))).toBe('a')
})

test('invalid UTF-8 is a `protocol` error, and does not keep an error response from being read', async () => {
  const bad = () => readBody(bodyOf(bytes('a'), Uint8Array.of(0xff)))
  await expect(readAll(bad())).rejects.toMatchObject({ code: 'protocol' })
  expect(await readReason(bad())).toBe('a')
  expect(await readReason(readBody(bodyOf(bytes('a'), new Error('reset'))))).toBe('a')
})

test('a text longer than 64 MiB is a `protocol` error, and an error response is read as far as it may matter', async () => {
  const mebibyte = new Uint8Array(1024 * 1024).fill(0x61)
  const endless = () => {
    let cancelled = false
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(mebibyte),
      cancel: () => void (cancelled = true),
    })
    return { ...readBody(body), isCancelled: () => cancelled }
  }
  await expect(readAll(endless())).rejects.toThrow('longer than 64 MiB')
  const reason = endless()
  expect((await readReason(reason)).length).toBeLessThanOrEqual(2 * mebibyte.length)
  expect(reason.isCancelled()).toBe(true)
})

test('an abort ends a read of a body that ignores the signal', async () => {
  const controller = new AbortController()
  const piece = readBody(new ReadableStream(), controller.signal).read()
  controller.abort()
  await expect(piece).rejects.toBe(controller.signal.reason)
})

test.each([1, 2, 3, 7, 100])('text before invalid UTF-8 is kept, in pieces of %d bytes', async (size) => {
  const all = Uint8Array.from([...bytes('Grüße, 世界! 😀'), 0xff, ...bytes('lost')])
  const pieces: Uint8Array[] = []
  for (let start = 0; start < all.length; start += size) pieces.push(all.slice(start, start + size))
  const reader = readBody(bodyOf(...pieces))
  let text = ''
  const reading = (async () => {
    for (let piece = await reader.read(); piece !== undefined; piece = await reader.read()) text += piece
  })()
  await expect(reading).rejects.toMatchObject({ code: 'protocol' })
  expect(text).toBe('Grüße, 世界! 😀')
})

test('a body that is read by something else is a mistake of the configuration', () => {
  const body = bodyOf(bytes('a'))
  body.getReader()
  expect(() => readBody(body)).toThrow(
    expect.objectContaining({
      code: 'configuration',
      message: 'fetch: the body of its response is read by something else',
    }),
  )
})
