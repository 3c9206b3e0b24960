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
