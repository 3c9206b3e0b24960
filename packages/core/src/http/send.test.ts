import { expect, test } from 'vitest'

import { send } from './send.ts'

test('fetch is called without an owner, as browsers demand of their own', async () => {
  const owners: unknown[] = []
  function fetch(this: unknown): Promise<Response> {
    owners.push(this)
    return Promise.resolve(new Response('hi'))
  }
  const { signal } = new AbortController()
  const response = await send({ method: 'GET', url: 'http://localhost/', headers: {}, signal, fetch })
  expect(await response.text()).toBe('hi')
  expect(owners).toEqual([undefined])
})

test('an error without words names what causes one', async () => {
  const { signal } = new AbortController()
  const error = new TypeError('fetch failed', { cause: new Error('') })
  const fetch = () => Promise.reject(error)
  await expect(send({ method: 'GET', url: 'http://localhost/', headers: {}, signal, fetch })).rejects.toMatchObject({
    code: 'connection',
    message:
      'Could not reach http://localhost/: the runtime gives no reason; a proxy that asks for credentials (407) is one',
  })
})

test.each([
  ['nothing', undefined],
  ['a text', 'hi'],
  ['headers that cannot be read', { status: 200, headers: {}, body: null }],
])('a fetch that resolves with %s is a mistake of the configuration, not of the network', async (_, value: unknown) => {
  const { signal } = new AbortController()
  const fetch = async () => value as Response
  await expect(send({ method: 'GET', url: 'http://localhost/', headers: {}, signal, fetch })).rejects.toMatchObject({
    code: 'configuration',
    message: 'fetch: must resolve with a Response',
  })
})

test('the response of a network error is a `connection` error', async () => {
  const { signal } = new AbortController()
  const response = Response.error()
  const fetch = async () => response
  await expect(send({ method: 'GET', url: 'http://localhost/', headers: {}, signal, fetch })).rejects.toMatchObject({
    code: 'connection',
  })
})
