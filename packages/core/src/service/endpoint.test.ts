import { afterEach, expect, test, vi } from 'vitest'

import { DualscopeError } from '../errors.ts'
import type { Region } from '../models/model-info.ts'
import type { TransportOptions } from '../transport.ts'
import { regionOf, resolveEndpoint } from './endpoint.ts'

afterEach(() => {
  vi.unstubAllEnvs()
})

/** Returns what is wrong with the options, or the endpoint if nothing is. */
function problemOf(options: TransportOptions): string {
  try {
    return `accepted: ${resolveEndpoint(options)}`
  } catch (error) {
    if (!(error instanceof DualscopeError) || error.code !== 'configuration') throw error
    return error.message
  }
}

test('the base URL comes before the region, that before the environment, that before Beijing', () => {
  vi.stubEnv('DASHSCOPE_BASE_URL', 'https://env.example')
  expect(resolveEndpoint({ baseUrl: 'https://mine.example', region: 'singapore' })).toBe('https://mine.example')
  expect(resolveEndpoint({ region: 'singapore' })).toBe('https://dashscope-intl.aliyuncs.com')
  expect(resolveEndpoint({})).toBe('https://env.example')
  vi.stubEnv('DASHSCOPE_BASE_URL', '')
  expect(resolveEndpoint({})).toBe('https://dashscope.aliyuncs.com')
})

test.for([
  ['https://h.example/', 'https://h.example'],
  ['https://h.example/compatible-mode/v1', 'https://h.example'],
  ['https://h.example/p/compatible-mode/v1/chat/completions/', 'https://h.example/p'],
  ['https://h.example/api/v1/services/aigc/multimodal-generation/generation', 'https://h.example'],
  ['https://h.example/api/v1/', 'https://h.example'],
  ['https://h.example/proxy/api/v1', 'https://h.example/proxy'],
  ['https://h.example:8443/v1', 'https://h.example:8443/v1'],
  ['http://127.0.0.1:80', 'http://127.0.0.1'],
  ['http://[::1]:9', 'http://[::1]:9'],
  ['http://127.1', 'http://127.0.0.1'],
  ['http://mock.localhost:9', 'http://mock.localhost:9'],
] as const)('%s serves both protocols as %s', ([baseUrl, base]) => {
  expect(resolveEndpoint({ baseUrl })).toBe(base)
  expect(resolveEndpoint({ baseUrl: new URL(baseUrl) })).toBe(base)
})

test.for<[TransportOptions, RegExp]>([
  [{ baseUrl: 'not a url' }, /^baseUrl: must be a URL that begins with https:\/\/$/],
  [{ baseUrl: 'ftp://h.example' }, /must be a URL that begins/],
  [{ baseUrl: 'https://user:pass@h.example' }, /^baseUrl: https:\/\/h.example\/ holds credentials/],
  [{ baseUrl: 'https://h.example/?key=x' }, /no query/],
  [{ baseUrl: 'https://h.example/#x' }, /no fragment/],
  [{ baseUrl: 'http://h.example' }, /plain http:; use https:, or allowHttp: true/],
  [{ baseUrl: 'http://127.0.0.1.h.example' }, /plain http/],
  [{ baseUrl: 'http://localhost.h.example' }, /plain http/],
  [{ baseUrl: 'http://0.0.0.0' }, /plain http/],
  [{ baseUrl: 'http://[::2]' }, /plain http/],
  [{ region: 'mars' as Region }, /^region: "mars" is unknown; it can be beijing, /],
  [{ region: 'toString' as Region }, /is unknown/],
  [{ region: 'frankfurt' }, /set workspace too/],
  [{ workspace: 'a.evil.example/' }, /^workspace: must be 1 to 63/],
  [{ workspace: '' }, /^workspace: /],
])('%o is refused', ([options, message]) => {
  expect(problemOf(options)).toMatch(message)
})

test('plain http goes elsewhere only if that is wanted', () => {
  expect(resolveEndpoint({ baseUrl: 'http://h.example', allowHttp: true })).toBe('http://h.example')
})

test.for([
  [{ region: 'tokyo', workspace: 'ws-1' }, 'ws-1.ap-northeast-1.maas.aliyuncs.com'],
  [{ region: 'beijing', workspace: 'ws-1' }, 'ws-1.cn-beijing.maas.aliyuncs.com'],
  [{ workspace: 'ws-1' }, 'ws-1.cn-beijing.maas.aliyuncs.com'],
  [{ region: 'singapore', workspace: 'trial' }, 'trial.ap-southeast-1.maas.aliyuncs.com'],
  [{ region: 'virginia', workspace: 'ws-1' }, 'ws-1.us-east-1.maas.aliyuncs.com'],
  [{ region: 'frankfurt', workspace: 'ws-1' }, 'ws-1.eu-central-1.maas.aliyuncs.com'],
  [{ region: 'hongkong', workspace: 'ws-1' }, 'ws-1.cn-hongkong.maas.aliyuncs.com'],
  [{ region: 'hongkong' }, 'cn-hongkong.dashscope.aliyuncs.com'],
  [{ region: 'virginia' }, 'dashscope-us.aliyuncs.com'],
  [{ region: 'finance', workspace: 'ws-1' }, 'dashscope-finance.aliyuncs.com'],
] as const)('%o goes to %s', ([options, host]) => {
  expect(resolveEndpoint(options)).toBe(`https://${host}`)
})

test("the service's own hosts tell their region", () => {
  expect(regionOf('dashscope-us.aliyuncs.com')).toBe('virginia')
  expect(regionOf('cn-hongkong.dashscope.aliyuncs.com')).toBe('hongkong')
  expect(regionOf('ws-1.eu-central-1.maas.aliyuncs.com')).toBe('frankfurt')
  expect(regionOf('trial.cn-beijing.maas.aliyuncs.com')).toBe('beijing')
  for (const host of ['h.example', 'localhost', 'ws-1.mars.maas.aliyuncs.com', 'a.b.cn-beijing.maas.aliyuncs.com']) {
    expect(regionOf(host)).toBeUndefined()
  }
})
