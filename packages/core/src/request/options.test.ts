import { expect, test } from 'vitest'

import type { CallOptions } from '../chat/request.ts'
import { explainMisplacedOption, validateCallOptions, validateTransportOptions } from './options.ts'

function failing(code: string, message: RegExp): Error {
  return expect.objectContaining({ code, message: expect.stringMatching(message) as string }) as Error
}

test.each<[object, RegExp]>([
  [{ totalTimout: 1 }, /^totalTimout: unknown; did you mean totalTimeout\?/],
  [{ maxStep: 1 }, /^maxStep: unknown; did you mean maxSteps\?/],
  [{ maxSteps: 1 }, /^maxSteps: belongs in the options of runTools\(\)/],
  [{ temperature: 1 }, /temperature.*belongs in the request, the first argument/],
  [{ resume: 'yes' }, /^resume: .*got "yes"/],
  [{ signal: new AbortController() }, /^signal: must be an AbortSignal, such as controller\.signal/],
])('the options %o of a call are refused', (options, message) => {
  expect(() => validateCallOptions(options as CallOptions)).toThrow(failing('validation', message))
})

test.each<[object, RegExp]>([
  [{ baseURL: 'https://example.com' }, /^baseURL: unknown; did you mean baseUrl\?/],
  [{ modle: 'kimi-k3' }, /^modle: unknown; did you mean model\?/],
  [{ model: 'kimi-k3' }, /^model: belongs in the options of connect\(\) or createClient\(\)/],
  [{ media: 'always' }, /^media: must be "auto" or "inline" or "upload"/],
  [{ onRequest: true }, /^onRequest: must be a function/],
  [{ headers: Promise.resolve({}) }, /^headers: must be an object or Headers, got a promise; await it/],
])('the options %o of a transport are refused', (options, message) => {
  expect(() => validateTransportOptions(options)).toThrow(failing('configuration', message))
})

test('absent options are fine, and those of a call are known by their place', () => {
  expect(() => validateCallOptions({ signal: undefined, timeout: 5 })).not.toThrow()
  expect(() => validateTransportOptions({ apiKey: undefined, headers: new Headers() })).not.toThrow()
  expect(() => validateTransportOptions({ headers: {} })).not.toThrow()
  expect(() => validateTransportOptions({ headers: new Map() })).not.toThrow()
  expect(explainMisplacedOption('timeout')).toMatch(/the argument after the request/)
  expect(explainMisplacedOption('maxSteps')).toMatch(/runTools/)
  expect(explainMisplacedOption('novel')).toBeUndefined()
})
