import { expect, test } from 'vitest'

import { createBodyReader, readAll, readReason } from './body.ts'
import { startDeadline } from './deadline.ts'

function readBody(body: ReadableStream<Uint8Array>, controller = new AbortController()) {
  const reader = createBodyReader(startDeadline({ timeout: Infinity }, controller))
  reader.open(body)
  return reader
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

const bytes = (text: string) => new TextEncoder().encode(text)
const [first = 0, ...others] = bytes('世')

test('a character that is cut between two reads comes whole', async () => {
  const { read } = readBody(bodyOf(Uint8Array.of(first), Uint8Array.from(others), bytes('!')))
  expect(await readAll(read, '')).toBe('世!')
})

test('a character that the end has cut is left out', async () => {
  expect(await readAll(readBody(bodyOf(bytes('a'), Uint8Array.of(first))).read, '')).toBe('a')
})

test('bytes that are no UTF-8 are a `protocol` error, and no obstacle to reading a refusal', async () => {
  const bad = () => readBody(bodyOf(bytes('a'), Uint8Array.of(0xff)))
  await expect(readAll(bad().read, '')).rejects.toMatchObject({ code: 'protocol' })
  expect(await readReason(bad())).toBe('a')
  expect(await readReason(readBody(bodyOf(bytes('a'), new Error('reset'))))).toBe('a')
})

test('a text longer than 64 MiB is a `protocol` error, and a refusal is read as far as it may matter', async () => {
  const mebibyte = new Uint8Array(1024 * 1024).fill(0x61)
  const endless = () => {
    let cancelled = false
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(mebibyte),
      cancel: () => void (cancelled = true),
    })
    return { ...readBody(body), isCancelled: () => cancelled }
  }
  await expect(readAll(endless().read, '')).rejects.toThrow('longer than 64 MiB')
  const reason = endless()
  expect((await readReason(reason)).length).toBeLessThanOrEqual(2 * mebibyte.length)
  expect(reason.isCancelled()).toBe(true)
})

test('an abort ends a read of a body that does not listen to it', async () => {
  const controller = new AbortController()
  const { read } = readBody(new ReadableStream(), controller)
  const piece = read()
  controller.abort()
  await expect(piece).rejects.toBe(controller.signal.reason)
})
