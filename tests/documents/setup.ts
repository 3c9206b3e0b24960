// Comes before the program of a document: what it sends to Model Studio, by whatever client, reaches a mock of it.
import { createMock } from '@dualscope/testing'

const mock = createMock()
const { fetch } = globalThis

globalThis.fetch = (input, init) => {
  const { hostname } = new URL(input instanceof Request ? input.url : input)
  if (hostname.endsWith('.aliyuncs.com')) return mock.fetch(input, init)
  if (hostname === '127.0.0.1') return fetch(input, init)
  return Promise.reject(new TypeError(`A document must not ask ${hostname}`))
}

process.on('exit', () => {
  const issues = mock.requests.flatMap((request) => request.issues)
  if (issues.length === 0) return
  process.exitCode = 1
  process.stderr.write(`The mock objects: ${JSON.stringify(issues, undefined, 2)}\n`)
})
