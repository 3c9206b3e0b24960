import type { TransportOptions } from '@dualscope/core'
import { createMock } from '@dualscope/testing'

/** The service that answers. */
export interface Service {
  /** As the page shows it. */
  name: string
  live: boolean
  /** For the transport of either protocol. They hold the key: nothing of them goes to the page. */
  options: TransportOptions
}

/** Model Studio with DASHSCOPE_API_KEY, else a mock of it within this process. */
export function chooseService(environment: Readonly<Record<string, string | undefined>>): Service {
  const apiKey = environment['DASHSCOPE_API_KEY']
  if (!apiKey) {
    const mock = createMock({ latency: 25 })
    return { name: 'the mock', live: false, options: { apiKey: 'mock', fetch: mock.fetch } }
  }
  const baseUrl = environment['DASHSCOPE_BASE_URL'] || undefined
  return { name: 'Model Studio', live: true, options: { apiKey, baseUrl } }
}
