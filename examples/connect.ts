import { compatible } from '@dualscope/compatible'
import { createClient, type Client, type ModelId, type Transport, type TransportOptions } from '@dualscope/core'
import { dashscope } from '@dualscope/dashscope'
import { createMock, type AnswerScenario } from '@dualscope/testing'

/**
 * A client for the examples. The environment chooses the protocol (DUALSCOPE_PROTOCOL, `compatible` or `dashscope`) and the
 * service: Model Studio with DASHSCOPE_API_KEY, else a mock of it within this process, which cannot think: it says its lines.
 */
export function connect(model: ModelId, lines: readonly AnswerScenario[] = [], more: TransportOptions = {}): Client {
  return createClient({ transport: chooseTransport(lines, more), model })
}

/** The transport of `connect()`, for examples that wrap it. */
export function chooseTransport(lines: readonly AnswerScenario[], more: TransportOptions = {}): Transport {
  const mock = createMock()
  mock.use([...lines])
  const access = process.env['DASHSCOPE_API_KEY'] ? {} : { apiKey: 'mock', fetch: mock.fetch }
  const options: TransportOptions = { ...access, ...more }
  const protocol = process.env['DUALSCOPE_PROTOCOL'] ?? 'compatible'
  const transport = protocol === 'dashscope' ? dashscope(options) : compatible(options)
  const service = process.env['DASHSCOPE_BASE_URL'] ?? 'Model Studio'
  console.error(`(${transport.protocol}, ${options.fetch ? 'the mock' : service})\n`)
  return transport
}
