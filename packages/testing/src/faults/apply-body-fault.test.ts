import { expect, test } from 'vitest'

import { applyBodyFault } from './apply-body-fault.ts'
import { type ByteStream, bytesOf, concat } from './bytes.ts'
import { faults } from './faults.ts'
import type { BodyFault } from './faults.ts'

async function* bodyOf(...writes: string[]): ByteStream & AsyncGenerator<Uint8Array<ArrayBuffer>> {
  for (const write of writes) yield bytesOf(write)
}

async function collect(body: ByteStream) {
  const writes: Uint8Array[] = []
  for await (const write of body) writes.push(write)
  return writes
}

function decode(bytes: Uint8Array) {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)
}
async function writesOf(fault: BodyFault, ...writes: string[]) {
  return (await collect(applyBodyFault(bodyOf(...writes), fault))).map(decode)
}

test('writes are cut into pieces of the size', async () => {
  expect(await writesOf(faults.split(2), 'abcde', 'f')).toEqual(['ab', 'cd', 'e', 'f'])
})

test('writes are cut inside characters, and hold the same bytes', async () => {
  const writes = await collect(applyBodyFault(bodyOf('我a😀'), faults.splitCharacters()))
  expect(decode(concat(writes))).toBe('我a😀')
  expect(writes.length).toBe(6)
})

test('line ends become CR LF', async () => {
  expect(await writesOf(faults.crlf(), 'data: 1\n\ndata: 2\n\n')).toEqual(['data: 1\r\n\r\ndata: 2\r\n\r\n'])
})

test('frames are counted by their blank lines, however they were written', async () => {
  expect(await writesOf(faults.coalesce(2), 'a\n', '\nb\n\nc\n\n')).toEqual(['a\n\nb\n\n', 'c\n\n'])
  expect(await writesOf(faults.coalesce(), 'a\r\n\r\n', 'b\r\n\r\n')).toEqual(['a\r\n\r\nb\r\n\r\n'])
  expect(await writesOf(faults.end(1), 'a\n\nb\n\n')).toEqual(['a\n\n'])
})

test('comments come between frames', async () => {
  expect(await writesOf(faults.heartbeat(2), 'a\n\n', 'b\n\n', 'c\n\n')).toEqual([
    ': heartbeat\n\n',
    'a\n\n',
    'b\n\n',
    ': heartbeat\n\n',
    'c\n\n',
  ])
})

test('the last blank line or [DONE] is removed', async () => {
  expect(await writesOf(faults.noLastBlankLine(), 'a\n\nb\n\n')).toEqual(['a\n\n', 'b'])
  expect(await writesOf(faults.noDone(), 'data: {}\n\ndata: [DONE]\n\n')).toEqual(['data: {}\n\n'])
})

test('a byte order mark comes first', async () => {
  expect(await writesOf(faults.byteOrderMark(), 'a')).toEqual(['\uFEFF', 'a'])
})

test('a connection breaks after a number of bytes', async () => {
  const writes: string[] = []
  const read = async () => {
    for await (const write of applyBodyFault(bodyOf('abc', 'def'), faults.reset({ bytes: 4 })))
      writes.push(decode(write))
  }
  const failing = read()
  await expect(failing).rejects.toThrow('terminated')
  await expect(failing).rejects.toBeInstanceOf(TypeError)
  expect(writes).toEqual(['abc', 'd'])
})

test('a stall ends after its time, or with the signal', async () => {
  expect(await writesOf(faults.stall(1, 1), 'a\n\nb\n\n')).toEqual(['a\n\n', 'b\n\n'])
  const abort = new AbortController()
  const reading = collect(applyBodyFault(bodyOf('a\n\n'), faults.stall(0), abort.signal))
  abort.abort('enough')
  await expect(reading).rejects.toBe('enough')
})

test.each([faults.end(3), faults.reset({ bytes: 100 }), faults.stall('finish', 1)])(
  'a body without the place of %j ends with an error',
  async (fault) => {
    await expect(writesOf(fault, 'data: 1\n\n', 'data: 2\n\n')).rejects.toThrow(RangeError)
  },
)
