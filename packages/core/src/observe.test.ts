import { expect, test, vi } from 'vitest'

import { joinObservers, requestNotice, responseNotice } from './observe.ts'

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

test('the observers of a transport and of a call are both notified, and one that throws does not stop the other', () => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
  const seen: string[] = []
  const notice = { protocol: 'test', method: 'POST', url, headers: {}, body: {}, attempt: 1 }
  const joined = joinObservers(
    {
      onRequest() {
        throw new Error('mine')
      },
      onDrop: () => seen.push('drop'),
    },
    { onRequest: ({ protocol }) => seen.push(protocol) },
  )
  joined.onRequest?.(notice)
  joined.onDrop?.({ protocol: 'test', field: 'a', path: 'a', message: 'a' })
  expect(seen).toEqual(['test', 'drop'])
  expect(warn).toHaveBeenCalledOnce()
  expect(joined.onRetry).toBeUndefined()
  warn.mockRestore()
})
