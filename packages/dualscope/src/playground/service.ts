import type { ModelId, TransportOptions } from '@dualscope/core'

/** The service that answers. */
export interface Service {
  /** As the page shows it. */
  name: string
  live: boolean
  /** The model that the page chooses first. */
  model: ModelId
  /** For the transport of either protocol. They hold the key: nothing of them goes to the page. */
  options: TransportOptions
}

/** Where the service is, if it is not the mock. */
export interface ServiceOptions extends Pick<TransportOptions, 'region' | 'workspace' | 'baseUrl'> {
  model: ModelId
  /** Uses the mock even with a key. */
  mock: boolean
}

/** Chooses Model Studio if the environment has a key, else a mock of it within this process. */
export async function chooseService(
  environment: Readonly<Record<string, string | undefined>>,
  { mock, model, region, workspace, baseUrl }: ServiceOptions,
): Promise<Service> {
  const apiKey = environment['DASHSCOPE_API_KEY']
  if (apiKey && !mock) {
    const address = baseUrl ?? (environment['DASHSCOPE_BASE_URL'] || undefined)
    return { name: 'Model Studio', live: true, model, options: { apiKey, region, workspace, baseUrl: address } }
  }
  const { createMock } = await import('@dualscope/testing')
  return { name: 'the mock', live: false, model, options: { apiKey: 'mock', fetch: createMock({ latency: 25 }).fetch } }
}
