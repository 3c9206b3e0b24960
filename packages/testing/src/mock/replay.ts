import type { Fixture } from '../fixtures/fixture.ts'
import type { RawScenario, ScenarioOptions } from './scenario.ts'

/**
 * Creates a scenario that answers with the bytes of a fixture: its stream, else its whole answer, else its error (status 401 or
 * 400). `kind` chooses one of them.
 *
 * ```ts
 * mock.use(replay(fixtures.dashscope['text-thinking']))
 * ```
 */
export function replay(
  fixture: Fixture,
  options: ScenarioOptions & { kind?: 'stream' | 'response' | 'error' | undefined; status?: number | undefined } = {},
): RawScenario {
  const { kind, status, ...rest } = options
  const { stream, response, error } = fixture
  const body = kind ? fixture[kind] : (stream ?? response ?? error)
  if (body === undefined)
    throw new Error(`The fixture ${fixture.protocol}/${fixture.scenario} has no ${kind ?? 'answer'}`)
  const contentType =
    body !== stream
      ? 'application/json'
      : fixture.protocol === 'compatible'
        ? 'text/event-stream'
        : 'text/event-stream;charset=UTF-8'
  const refused = /"(InvalidApiKey|invalid_api_key)"/.test(body) ? 401 : 400
  return {
    type: 'raw',
    ...rest,
    status: status ?? (body === error ? refused : 200),
    headers: { 'content-type': contentType, ...rest.headers },
    body,
  }
}
