import { afterEach, beforeEach, expect, test, vi } from 'vitest'

import { createTemporaryKey, type TemporaryKeyOptions } from './temporary-key.ts'

const permanent = 'sk-permanent-0123456789'

beforeEach(() => {
  vi.stubEnv('DASHSCOPE_API_KEY', permanent)
  vi.stubEnv('DASHSCOPE_BASE_URL', '')
})
afterEach(() => {
  vi.unstubAllEnvs()
})

/** Answers every request with a body, and keeps the requests. */
function answering(body: unknown, status = 200) {
  const requests: Request[] = []
  const fetch = async (input: string | URL | Request, init?: RequestInit) => {
    requests.push(new Request(input, init))
    return Response.json(body, { status })
  }
  return { fetch, requests }
}

const good = { token: 'st-0123', expires_at: 1_744_080_369 }

test('a temporary key comes with the date on which it expires', async () => {
  const { fetch, requests } = answering(good)
  expect(await createTemporaryKey({ fetch })).toEqual({ key: 'st-0123', expiresAt: new Date('2025-04-08T02:46:09Z') })
  const [request] = requests
  expect(request?.method).toBe('POST')
  expect(request?.url).toBe('https://dashscope.aliyuncs.com/api/v1/tokens?expire_in_seconds=60')
  expect(request?.headers.get('authorization')).toBe(`Bearer ${permanent}`)
})

test.for<[TemporaryKeyOptions, string]>([
  [
    { region: 'singapore', expiresIn: 1800 },
    'https://dashscope-intl.aliyuncs.com/api/v1/tokens?expire_in_seconds=1800',
  ],
  [
    { region: 'tokyo', workspace: 'ws-1', expiresIn: 1 },
    'https://ws-1.ap-northeast-1.maas.aliyuncs.com/api/v1/tokens?expire_in_seconds=1',
  ],
  [{ baseUrl: 'https://h.example/api/v1' }, 'https://h.example/api/v1/tokens?expire_in_seconds=60'],
])('%o is asked at %s', async ([options, url]) => {
  const { fetch, requests } = answering(good)
  await createTemporaryKey({ ...options, fetch })
  expect(requests.map((request) => request.url)).toEqual([url])
})

test.for<[TemporaryKeyOptions, string, RegExp]>([
  [{ expiresIn: 0 }, 'validation', /^expiresIn: must be at least 1, got 0$/],
  [{ expiresIn: 1801 }, 'validation', /^expiresIn: must be at most 1800, got 1801$/],
  [{ expiresIn: 1.5 }, 'validation', /^expiresIn: must be a whole number, got 1\.5$/],
  [{ expires: 5 } as TemporaryKeyOptions, 'validation', /^expires: unknown; did you mean expiresIn\?$/],
  [{ region: 'mars' as 'beijing' }, 'configuration', /^region: "mars" is unknown/],
  [{ apiKey: '' }, 'configuration', /^apiKey: missing/],
])('%o is refused before anything is sent', async ([options, code, message]) => {
  const { fetch, requests } = answering(good)
  await expect(createTemporaryKey({ ...options, fetch })).rejects.toMatchObject({
    code,
    message: expect.stringMatching(message) as string,
  })
  expect(requests).toEqual([])
})

test('a refused permanent key is an authentication error that names the host and not the key', async () => {
  const body = { code: 'InvalidApiKey', message: `Invalid API-key provided: ${permanent}`, request_id: 'r-1' }
  const { fetch } = answering(body, 401)
  const error: unknown = await createTemporaryKey({ fetch }).catch((reason: unknown) => reason)
  expect(error).toMatchObject({ code: 'authentication', status: 401, serviceCode: 'InvalidApiKey', requestId: 'r-1' })
  expect(String(error)).toMatch(/dashscope\.aliyuncs\.com refused the key/)
  expect(`${String(error)}${JSON.stringify(error)}`).not.toContain(permanent)
})

test('an expired temporary key is told from a key of another region', async () => {
  const { fetch } = answering({ code: 'InvalidApiKey', message: 'invalid access token or token expired' }, 401)
  const error: unknown = await createTemporaryKey({ apiKey: 'st-0123456789', fetch }).catch((reason: unknown) => reason)
  expect(error).toMatchObject({ code: 'authentication' })
  expect(String(error)).toMatch(/create a new temporary key/)
})

test.each([{}, { token: '' }, { token: 'st-secret' }, { token: 'st-secret', expires_at: 1e300 }, 'st-secret'])(
  'the answer %o is a protocol error that does not show it',
  async (body) => {
    const { fetch } = answering(body)
    const error: unknown = await createTemporaryKey({ fetch }).catch((reason: unknown) => reason)
    expect(error).toMatchObject({ code: 'protocol' })
    expect(String(error)).not.toContain('st-secret')
  },
)

test('an abort rejects with its reason, before and while the service answers', async () => {
  const reason = new Error('enough')
  const { fetch, requests } = answering(good)
  await expect(createTemporaryKey({ fetch, signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
  expect(requests).toEqual([])
  const controller = new AbortController()
  const waiting = createTemporaryKey({
    signal: controller.signal,
    fetch: () => {
      controller.abort(reason)
      return new Promise<never>(() => undefined)
    },
  })
  await expect(waiting).rejects.toBe(reason)
})
