import type { ModelId, TransportOptions } from '@dualscope/core'

/** The service that answers. */
export interface Service {
  /** As the page shows it. */
  name: string
  live: boolean
  /** The model that the page chooses first. */
  model: ModelId
  /** For the transport of either protocol. They hold the key, which never goes to the page. */
  options: TransportOptions
  /** Whether the page calls the service itself, with temporary keys of the server. */
  isDirect?: boolean | undefined
  /** Ends the server that was started for the service, if any. */
  close?: (() => Promise<void>) | undefined
}

/** The address of the service, if it is not the mock. */
export interface ServiceOptions extends Pick<TransportOptions, 'region' | 'workspace' | 'baseUrl'> {
  model: ModelId
  /** Uses the mock even with a key. */
  mock: boolean
  /** Lets the page call the service itself, with temporary keys. @default false */
  temporaryKeys?: boolean | undefined
}

/** Chooses Model Studio if the environment has a key, else a mock of it within this process. */
export async function chooseService(
  environment: Readonly<Record<string, string | undefined>>,
  { mock, model, region, workspace, baseUrl, temporaryKeys: isDirect = false }: ServiceOptions,
): Promise<Service> {
  const apiKey = environment['DASHSCOPE_API_KEY']
  if (apiKey && !mock) {
    const address = baseUrl ?? (environment['DASHSCOPE_BASE_URL'] || undefined)
    const options = { apiKey, region, workspace, baseUrl: address }
    return { name: 'Model Studio', live: true, model, options, isDirect }
  }
  const { createMock } = await import('@dualscope/testing')
  const local = createMock({ latency: 25 })
  const shown = { name: 'the mock', live: false, model, isDirect }
  if (!isDirect) return { ...shown, options: { apiKey: 'mock', fetch: local.fetch } }
  // The page needs an address.
  const { listen } = await import('@dualscope/testing/server')
  const server = await listen(local)
  return { ...shown, options: { apiKey: 'mock', baseUrl: server.url }, close: server.close }
}
