import type { Mock } from '@dualscope/testing'
import { Command } from 'commander'

import { explainListenError, portOption, untilInterrupted } from '../local-server.ts'
import { style, terminalText, write } from '../output/terminal.ts'
import { openRecordings } from '../recordings.ts'
import { wholeNumber } from '../whole-number.ts'

interface MockFlags {
  port: number
  key?: string
  latency: number
  recordings?: string
}

/** `dualscope mock`: serves a mock of Model Studio on this machine, for clients in any language. */
export function mockCommand(): Command {
  return new Command('mock')
    .description('serve a mock of Model Studio on 127.0.0.1: both protocols and uploads, checked against the documents')
    .addOption(portOption(4010))
    .option('--key <key>', 'the one key to accept (default: any)')
    .option(
      '--latency <ms>',
      'delay before each piece of a stream, and before a whole answer',
      wholeNumber(0, 600_000),
      0,
    )
    .option('--recordings <folder>', 'answer from recordings of `dualscope record`; other requests are refused')
    .action(serve)
}

async function serve({ port, key, latency, recordings: folder }: MockFlags): Promise<void> {
  const { createMock } = await import('@dualscope/testing')
  const { listen } = await import('@dualscope/testing/server')
  const recordings = folder === undefined ? undefined : (await openRecordings(folder)).map(({ recording }) => recording)
  const mock = createMock({ apiKey: key, latency, recordings })
  const server = await listen({ respond: logged(mock) }, { port }).catch((error: unknown) => {
    throw explainListenError(error, port)
  })
  await write(process.stdout, instructions(server.url, key ?? 'any'))
  try {
    await untilInterrupted()
  } finally {
    await server.close()
  }
}

/** Logs each request and the status of its response on stderr. */
function logged(mock: Mock): Mock['respond'] {
  return async (request, signal) => {
    const { method, url } = request
    const response = await mock.respond(request, signal)
    const { stderr } = process
    const status = style(stderr, response.ok ? 'green' : 'red', String(response.status))
    stderr.write(`${status} ${method} ${terminalText(new URL(url).pathname)}\n`)
    return response
  }
}

function instructions(url: string, key: string): string {
  return `Mock of Model Studio at ${url} (Ctrl-C stops it)

  dualscope                      export DASHSCOPE_BASE_URL=${url} DASHSCOPE_API_KEY=${key}
  openai                         baseURL ${url}/compatible-mode/v1
  dashscope for Python           export DASHSCOPE_HTTP_BASE_URL=${url}/api/v1
  curl                           curl ${url}/compatible-mode/v1/chat/completions -H 'authorization: Bearer ${key}' \\
                                   --json '{"model":"kimi-k2.5","messages":[{"role":"user","content":"hi"}]}'

`
}
