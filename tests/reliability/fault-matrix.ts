import { gzipSync, constants } from 'node:zlib'

import type { ErrorCode } from '@dualscope/core'

import type { ProtocolBytes } from './protocols.ts'
import { chunk, head, whole, type RawRequest } from './raw-server.ts'

/** The outcome of a call. */
export interface Outcome {
  code: ErrorCode | 'answered'
  /** Attempts that were made; one retry is allowed. */
  requests: number
  /** The text of `partial`, or of the answer; absent where there is none. */
  text?: string
  /** Whether the connection was closed within three seconds. */
  closed: boolean
}

/** How a call is made. */
export type Mode = 'chat' | 'stream'

/** Something that goes wrong, and what must come of it. */
export interface Fault {
  name: string
  /** Answers a request; absent where nobody listens. */
  serve?: (request: RawRequest, bytes: ProtocolBytes, mode: Mode) => void
  expected: Record<Mode, Expected>
}

/** The expected outcome of a call. The connection is closed in any case. */
export type Expected = Omit<Outcome, 'closed'>

const sse = { 'content-type': 'text/event-stream;charset=UTF-8' }
const json = { 'content-type': 'application/json' }
const html = { 'content-type': 'text/html' }

function failed(code: ErrorCode, requests: number): Expected {
  return { code, requests }
}
function cut(code: ErrorCode): Expected {
  return { code, requests: 1, text: 'Hel' }
}
function same(expected: Expected): Record<Mode, Expected> {
  return { chat: expected, stream: expected }
}
const answered = same({ code: 'answered', requests: 1, text: 'Hello' })

/** Sends the head and a first part: a frame of text, or half of a JSON answer. */
function begin({ socket }: RawRequest, bytes: ProtocolBytes, mode: Mode): void {
  socket.write(head(200, mode === 'stream' ? sse : json))
  const answer = bytes.answer('Hello')
  socket.write(chunk(mode === 'stream' ? bytes.text('Hel') : answer.slice(0, answer.length / 2)))
}

function wholeStream(bytes: ProtocolBytes) {
  return bytes.text('Hel') + bytes.text('lo') + bytes.finish() + bytes.terminator
}

/** Answers with a stream, or with the JSON instead of one. */
function say({ socket }: RawRequest, mode: Mode, stream: string | Uint8Array, text: string | Uint8Array): void {
  socket.end(mode === 'stream' ? whole(200, sse, stream) : whole(200, json, text))
}

function refuse(status: number, code: string, message: string, headers: Record<string, string> = {}) {
  return ({ socket }: RawRequest, bytes: ProtocolBytes): void => {
    socket.end(whole(status, { ...json, ...headers }, bytes.refusal(code, message)))
  }
}

/** Refuses inside an answer with status 200. */
function refuseWithin(
  status: number,
  code: string,
  message: string,
  before: (bytes: ProtocolBytes) => string = () => '',
) {
  return (request: RawRequest, bytes: ProtocolBytes, mode: Mode): void =>
    say(request, mode, before(bytes) + bytes.errorFrame(status, code, message), bytes.refusal(code, message))
}

// A UTF-8 character without its last byte, in the middle of a text.
function badUtf8(text: string) {
  return Buffer.from(text.replace('BAD', '\u0001')).map((byte) => (byte === 1 ? 0xe4 : byte))
}

// Flushed after the first frame, so that this much can be read of it.
function cutGzip(text: string, rest: string): Buffer {
  const first = gzipSync(text, { finishFlush: constants.Z_SYNC_FLUSH })
  return first.length > 0 && rest.length > 0 ? first : first.subarray(0, -10)
}

const line = 'x'.repeat(1024 * 1024)
const nested = '['.repeat(100_000)

/** Every fault, and what must come of it over either protocol. */
export const faults: readonly Fault[] = [
  { name: 'connection refused', expected: same(failed('connection', 2)) },
  {
    name: 'reset before the head',
    serve: ({ socket }) => socket.resetAndDestroy(),
    expected: same(failed('connection', 2)),
  },
  {
    name: 'closed before the head',
    serve: ({ socket }) => socket.end(),
    expected: same(failed('connection', 2)),
  },
  {
    name: 'half a head',
    serve: ({ socket }) => socket.end('HTTP/1.1 200 OK\r\nContent-Ty'),
    expected: same(failed('connection', 2)),
  },
  {
    name: 'no HTTP at all',
    serve: ({ socket }) => socket.end('SSH-2.0-OpenSSH_9.6\r\n'),
    expected: same(failed('connection', 2)),
  },
  {
    name: 'reset after the head',
    serve({ socket }, _, mode) {
      socket.write(head(200, mode === 'stream' ? sse : json), () => setTimeout(() => socket.resetAndDestroy(), 20))
    },
    expected: same(failed('incomplete', 2)),
  },
  {
    name: 'reset in the body',
    serve(request, bytes, mode) {
      begin(request, bytes, mode)
      setTimeout(() => request.socket.resetAndDestroy(), 20)
    },
    expected: { chat: failed('incomplete', 2), stream: cut('incomplete') },
  },
  {
    name: 'closed in the body',
    serve(request, bytes, mode) {
      begin(request, bytes, mode)
      request.socket.end()
    },
    expected: { chat: failed('incomplete', 2), stream: cut('incomplete') },
  },
  {
    name: 'clean early end',
    serve(request, bytes, mode) {
      begin(request, bytes, mode)
      request.socket.end(chunk(''))
    },
    expected: { chat: failed('incomplete', 2), stream: cut('incomplete') },
  },
  {
    name: 'early end in the middle of a frame',
    serve(request, bytes, mode) {
      begin(request, bytes, mode)
      request.socket.write(chunk(bytes.text('lo').slice(0, -20)))
      request.socket.end(chunk(''))
    },
    expected: { chat: failed('incomplete', 2), stream: cut('incomplete') },
  },
  {
    name: 'empty answer',
    serve: (request, _, mode) => say(request, mode, '', ''),
    expected: same(failed('incomplete', 2)),
  },
  {
    name: '204',
    serve: ({ socket }) => socket.end('HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n'),
    expected: same(failed('incomplete', 2)),
  },
  { name: 'stall before the head', serve: () => undefined, expected: same(failed('timeout', 1)) },
  {
    name: 'stall after the head',
    serve: ({ socket }, _, mode) => socket.write(head(200, mode === 'stream' ? sse : json)),
    expected: same(failed('timeout', 1)),
  },
  {
    name: 'stall in the answer',
    serve: begin,
    expected: { chat: failed('timeout', 1), stream: cut('timeout') },
  },
  {
    name: 'no end after the finishing frame',
    serve(request, bytes, mode) {
      if (mode === 'chat') return say(request, mode, '', bytes.answer('Hello'))
      request.socket.write(head(200, sse))
      request.socket.write(chunk(wholeStream(bytes)))
    },
    expected: answered,
  },
  {
    name: 'reset after the finishing frame',
    serve(request, bytes, mode) {
      if (mode === 'chat') return say(request, mode, '', bytes.answer('Hello'))
      request.socket.write(head(200, sse))
      request.socket.write(chunk(bytes.text('Hello') + bytes.finish()))
      setTimeout(() => request.socket.resetAndDestroy(), 20)
    },
    expected: answered,
  },
  {
    name: 'last blank line missing',
    serve: (request, bytes, mode) =>
      say(request, mode, (bytes.text('Hello') + bytes.finish()).trimEnd(), bytes.answer('Hello')),
    expected: answered,
  },
  {
    name: 'HTML 502',
    serve: ({ socket }) => socket.end(whole(502, html, '<html><h1>502 Bad Gateway</h1><hr>nginx</html>')),
    expected: same(failed('server', 2)),
  },
  {
    name: 'HTML 200',
    serve: ({ socket }) => socket.end(whole(200, html, '<html><h1>Sign in to the network</h1></html>')),
    expected: same(failed('protocol', 1)),
  },
  {
    name: 'empty 500',
    serve: ({ socket }) => socket.end(whole(500, {}, '')),
    expected: same(failed('server', 2)),
  },
  {
    name: '503 cut in its body',
    serve({ socket }) {
      socket.write(head(503, json))
      socket.write(chunk('{"code":"ModelUn'))
      setTimeout(() => socket.resetAndDestroy(), 20)
    },
    expected: same(failed('overloaded', 2)),
  },
  {
    name: 'wrong content type',
    serve: ({ socket }, bytes, mode) =>
      socket.end(
        whole(200, mode === 'stream' ? json : html, mode === 'stream' ? wholeStream(bytes) : bytes.answer('Hello')),
      ),
    expected: answered,
  },
  {
    name: 'JSON where a stream was asked, and the reverse',
    serve: ({ socket }, bytes, mode) =>
      socket.end(mode === 'stream' ? whole(200, json, bytes.answer('Hello')) : whole(200, sse, wholeStream(bytes))),
    expected: answered,
  },
  {
    name: 'truncated gzip',
    serve({ socket }, bytes, mode) {
      const body = mode === 'stream' ? cutGzip(bytes.text('Hel'), bytes.finish()) : cutGzip(bytes.answer('Hello'), '')
      socket.end(whole(200, { ...(mode === 'stream' ? sse : json), 'content-encoding': 'gzip' }, body))
    },
    expected: { chat: failed('incomplete', 2), stream: cut('incomplete') },
  },
  {
    name: 'no gzip despite its label',
    serve: ({ socket }, bytes) =>
      socket.end(whole(200, { ...json, 'content-encoding': 'gzip' }, bytes.answer('Hello'))),
    expected: same(failed('incomplete', 2)),
  },
  {
    name: 'bad JSON',
    serve: (request, bytes, mode) =>
      say(request, mode, `${bytes.text('Hel')}data: {"oops\n\n${bytes.finish()}`, '{"oops"}'),
    expected: { chat: failed('protocol', 1), stream: cut('protocol') },
  },
  {
    name: 'JSON of another shape',
    serve: (request, bytes, mode) => say(request, mode, `${bytes.text('Hel')}data: {"a":1}\n\n`, '{"a":1}'),
    expected: { chat: failed('protocol', 1), stream: cut('protocol') },
  },
  {
    name: 'nesting bomb',
    serve: (request, bytes, mode) => say(request, mode, `${bytes.text('Hel')}data: ${nested}\n\n`, nested),
    expected: { chat: failed('protocol', 1), stream: cut('protocol') },
  },
  {
    name: 'bad UTF-8',
    serve(request, bytes, mode) {
      if (mode === 'chat') return say(request, mode, '', badUtf8(bytes.answer('HelBADlo')))
      begin(request, bytes, mode)
      // Late enough to be a read of its own on a busy machine: what comes with bytes that are no UTF-8 is lost with them.
      setTimeout(() => request.socket.end(Buffer.concat([chunk(badUtf8(bytes.text('lBADo'))), chunk('')])), 300)
    },
    expected: { chat: failed('protocol', 1), stream: cut('protocol') },
  },
  {
    name: '1 MB line without an end',
    serve: (request, bytes, mode) => say(request, mode, `${bytes.text('Hel')}data: ${line}`, line),
    expected: { chat: failed('protocol', 1), stream: cut('incomplete') },
  },
  {
    name: 'refused as the first frame',
    serve: refuseWithin(400, 'InvalidParameter', 'Role must be user or assistant'),
    expected: same(failed('invalid-request', 1)),
  },
  {
    name: 'throttled as the first frame',
    serve: refuseWithin(429, 'Throttling.RateQuota', 'Requests rate limit exceeded'),
    expected: same(failed('rate-limit', 2)),
  },
  {
    name: 'moderation in the answer',
    serve: refuseWithin(400, 'data_inspection_failed', 'Output data may contain inappropriate content.', (bytes) =>
      bytes.text('Hel'),
    ),
    expected: { chat: failed('content-inspection', 1), stream: cut('content-inspection') },
  },
  {
    name: 'server fault in the answer',
    serve: refuseWithin(500, 'InternalError', 'An internal error has occurred', (bytes) => bytes.text('Hel')),
    expected: { chat: failed('server', 2), stream: cut('server') },
  },
  {
    name: 'throttled without Retry-After',
    serve: refuse(429, 'Throttling', 'Requests throttled'),
    expected: same(failed('rate-limit', 2)),
  },
  {
    name: 'throttled, Retry-After 1',
    serve: refuse(429, 'limit_requests', 'Requests throttled', { 'retry-after': '1' }),
    expected: same(failed('rate-limit', 2)),
  },
  {
    name: 'throttled, Retry-After 120',
    serve: refuse(429, 'limit_requests', 'Requests throttled', { 'retry-after': '120' }),
    expected: same(failed('rate-limit', 1)),
  },
  {
    name: 'throttled once, then answered',
    serve(request, bytes, mode) {
      if (request.number === 1) return refuse(429, 'Throttling', 'Requests throttled')(request, bytes)
      say(request, mode, wholeStream(bytes), bytes.answer('Hello'))
    },
    expected: same({ code: 'answered', requests: 2, text: 'Hello' }),
  },
  {
    name: 'unpaid bill as 429',
    serve: refuse(429, 'PrepaidBillOverdue', 'The prepaid bill is overdue'),
    expected: same(failed('billing', 1)),
  },
  {
    name: 'wrong key',
    serve: refuse(401, 'InvalidApiKey', 'Invalid API-key provided.'),
    expected: same(failed('authentication', 1)),
  },
  {
    name: 'redirect',
    // Its body never ends: nobody waits for it.
    serve: ({ socket }) => socket.write(head(307, { location: 'https://elsewhere.example/path?token=1' })),
    expected: same(failed('connection', 1)),
  },
]
