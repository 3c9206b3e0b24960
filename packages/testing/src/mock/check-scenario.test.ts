import { expect, test } from 'vitest'

import { faults } from '../faults/faults.ts'
import { createMock } from './mock.ts'

test.each<[unknown, string]>([
  [{ stric: true }, 'createMock: stric: unknown; did you mean strict?'],
  [{ strict: 'no' }, 'createMock: strict: must be true or false, got "no"'],
  [{ latency: -1 }, 'createMock: latency: must be a number of ms, 0 or more, got -1'],
  [{ pieceSize: 0 }, 'createMock: pieceSize: must be a whole number of bytes, 1 or more, got 0'],
  [{ apiKey: '' }, 'createMock: apiKey: must be a text that is not empty, got ""'],
  [{ streamErrors: 'htp' }, `createMock: streamErrors: must be 'frame' or 'http', got "htp"`],
  [
    { limits: { requestPerMinute: 1 } },
    'createMock: limits.requestPerMinute: unknown; did you mean requestsPerMinute?',
  ],
  [{ models: { mine: { thinks: true } } }, /^createMock: models\.mine\.thinks: unknown; it can be thinking, /],
  ['strict', 'createMock: must be an object, got "strict"'],
] as [unknown, string][])('createMock(%j) throws', (options, message) => {
  expect(() => createMock(options as never)).toThrow(message)
})

test.each<[unknown, string | RegExp]>([
  [{ txt: 'Hello' }, 'mock.use: txt: unknown; did you mean text?'],
  [[{ text: 'a' }, { txt: 'b' }], 'mock.use: [1]: txt: unknown; did you mean text?'],
  [{ text: 5 }, 'mock.use: text: must be a text or a list of texts, got 5'],
  [
    { toolCalls: [{ name: 'now', arguments: { zone: 'UTC' } }] },
    'mock.use: toolCalls[0].arguments: must be JSON text, or a list of its pieces; write an object with JSON.stringify(), got an object',
  ],
  [{ toolCalls: [{ nam: 'now' }] }, /^mock\.use: toolCalls\[0\]/],
  [
    { usage: { inputTokens: 1 } },
    'mock.use: usage.outputTokens: must be a whole number of tokens, 0 or more, got undefined',
  ],
  [{ fault: 'reset' }, /^mock\.use: fault: must be made by faults/],
  [{ type: 'eror', status: 400 }, `mock.use: type: must be 'answer', 'error' or 'raw', got "eror"`],
  [{ type: 'error', code: 'x' }, 'mock.use: status: must be an HTTP status, 200 to 599, got undefined'],
  [{ type: 'error', status: 400, mesage: 'x' }, 'mock.use: mesage: unknown; did you mean message?'],
  [{ type: 'error', status: 500, after: { texts: 1 } }, /^mock\.use: after: must be a number of deltas/],
  [{ type: 'raw', body: {} }, 'mock.use: body: must be a text or a Uint8Array, got an object'],
  [{ endpoint: 'upload', text: 'x' }, "mock.use: a scenario for 'upload' must be an error, raw or only a fault"],
  [undefined, 'mock.use: must be an object, got undefined'],
])('mock.use(%j) throws', (scenario, message) => {
  const mock = createMock()
  expect(() => mock.use(scenario as never)).toThrow(message)
  expect(mock.queued).toBe(0)
})

test.each([
  () => faults.end(-1),
  () => faults.reset({ text: 0 }),
  () => faults.stall({ texts: 1 } as never),
  () => faults.errorFrame('end' as never),
])('a fault with an invalid place throws', (create) => {
  expect(create).toThrow(/^faults\.\w+: after: (text: )?must be a number of deltas, 'finish', or one of/)
})

test.each<[() => unknown, string]>([
  [() => faults.split(0), 'faults.split: size: must be a whole number of bytes, 1 or more, got 0'],
  [() => faults.coalesce(0), 'faults.coalesce: frames: must be a whole number of frames, 1 or more, got 0'],
  [() => faults.heartbeat(0), 'faults.heartbeat: every: must be a whole number of frames, 1 or more, got 0'],
  [() => faults.heartbeat(1, 'a\nb'), 'faults.heartbeat: comment: must be a text of one line, got "a\\nb"'],
  [() => faults.stall(1, -1), 'faults.stall: ms: must be a number of ms, 0 or more, got -1'],
  [() => faults.silence(Number.NaN), 'faults.silence: ms: must be a number of ms, 0 or more, got NaN'],
  [() => faults.html(99), 'faults.html: status: must be an HTTP status, 200 to 599, got 99'],
  [() => faults.empty(600), 'faults.empty: status: must be an HTTP status, 200 to 599, got 600'],
  [() => faults.redirect('/a', 200), 'faults.redirect: status: must be a status of redirects, 300 to 399, got 200'],
  [() => faults.errorFrame(1, 0), 'faults.errorFrame: status: must be an HTTP status, 200 to 599, got 0'],
  [
    () => faults.throttle(-1),
    'faults.throttle: retryAfter: must be a number of seconds, 0 or more, or a valid Date, got -1',
  ],
])('a fault with an unusable value throws: %s', (create, message) => {
  expect(create).toThrow(new TypeError(message))
})
