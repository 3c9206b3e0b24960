import { expect, test } from 'vitest'

import { requestNotice, responseNotice } from './observe.ts'

const key = 'sk-0123456789abcdef'
const url = 'https://h.example/p?token=1'

test('a notice hides headers that authorise and the query of a URL', () => {
  const headers = { authorization: 'a', 'x-api-key': 'b', cookie: 'c', 'x-token': 'd', accept: 'e' }
  const shown = requestNotice({ protocol: 'test', method: 'POST', url, headers, body: {}, attempt: 1 }, [key])
  expect(shown.url).toBe('https://h.example/p')
  expect(shown.headers).toEqual({
    authorization: '[redacted]',
    'x-api-key': '[redacted]',
    cookie: '[redacted]',
    'x-token': '[redacted]',
    accept: 'e',
  })
})

test('a notice is a deep copy without the key and with shortened media', () => {
  const body = { a: [{ b: `x ${key}` }], [key]: 1, image: `data:image/png;base64,${'A'.repeat(200)}`, n: null }
  const shown = requestNotice({ protocol: 'test', method: 'POST', url, headers: {}, body, attempt: 1 }, [key])
  expect(JSON.stringify(shown)).not.toContain(key)
  const copy = shown.body as typeof body
  expect(copy.image.length).toBeLessThan(100)
  expect(copy.a[0]).toEqual({ b: 'x [redacted]' })
  expect(body.a[0]?.b).toContain(key)
})

test('a notice of a response is redacted too', () => {
  const head = new Response(null, { status: 429, headers: { 'set-cookie': 'a=1', 'x-echo': `was ${key}` } })
  const shown = responseNotice({ protocol: 'test', url, requestId: undefined, attempt: 2 }, head, [key])
  expect(shown).toEqual({
    protocol: 'test',
    url: 'https://h.example/p',
    status: 429,
    headers: { 'set-cookie': '[redacted]', 'x-echo': 'was [redacted]' },
    requestId: undefined,
    attempt: 2,
  })
})
