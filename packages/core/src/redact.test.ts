import { expect, test } from 'vitest'

import { DualscopeError } from './errors.ts'
import { redactError, redactSecrets, redactUrl, shortenDataUrls } from './redact.ts'

const key = 'sk-0123456789abcdef'

test('a URL is shown without credentials, query and fragment', () => {
  expect(redactUrl('https://a:b@h.example:1/p?q=1#f')).toBe('https://h.example:1/p')
  expect(redactUrl('//a:b@h')).toBe('[redacted]')
})

test('the key is taken out of a text, also where an ellipsis has cut it', () => {
  expect(redactSecrets(`a ${key} b ${key}`, [key])).toBe('a [redacted] b [redacted]')
  expect(redactSecrets(`said ${key.slice(0, 9)}…`, [key])).toBe('said [redacted]')
  expect(redactSecrets('nothing', [key])).toBe('nothing')
})

test('what is too short for a key does not tear words apart', () => {
  expect(redactSecrets('a test of tests', ['test'])).toBe('a test of tests')
  expect(redactSecrets('x', [''])).toBe('x')
})

test('an error loses the key in message, stack and causes, but an abort reason is left alone', () => {
  const error = new DualscopeError('protocol', `m ${key}`, { cause: new Error(`c ${key}`) })
  expect(redactError(error, [key])).toBe(error)
  expect(error.message).toBe('m [redacted]')
  expect(`${error.stack} ${String(error.cause)} ${(error.cause as Error).stack}`).not.toContain(key)
  const reason = new DOMException(key, 'AbortError')
  expect(redactError(reason, [key])).toBe(reason)
  expect(reason.message).toBe(key)
})

test('data URLs are shortened where they stand', () => {
  const url = `data:image/png;base64,${'A'.repeat(200)}`
  expect(shortenDataUrls(`cannot read "${url}" and data:,x`)).toBe(
    `cannot read "${url.slice(0, 60)}… (${url.length} characters)" and data:,x`,
  )
})
