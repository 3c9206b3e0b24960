import { createClient, DualscopeError } from '@dualscope/core'

import type { Fault, Mode, Outcome } from './fault-matrix.ts'
import type { ProtocolBytes } from './protocols.ts'
import { startRawServer } from './raw-server.ts'

/** Calls a server that does what the fault says, with one retry and 3 s of patience. */
export async function runFault({ serve }: Fault, bytes: ProtocolBytes, mode: Mode): Promise<Outcome> {
  const server = await startRawServer((request) => serve?.(request, bytes, mode))
  if (!serve) await server.stop()
  let attempts = 0
  const transport = bytes.connect({
    apiKey: 'sk-0123456789abcdef',
    baseUrl: server.url,
    retries: 1,
    timeout: 3_000,
    onRequest: () => (attempts += 1),
  })
  const client = createClient({ transport, model: 'kimi-k2.5' })
  try {
    const { code, text } = await (mode === 'chat' ? client.chat('hi') : client.stream('hi').result()).then(
      (result) => ({ code: 'answered' as const, text: result.text }),
      (error: unknown) => {
        if (error instanceof DualscopeError) return { code: error.code, text: error.partial?.text }
        throw error
      },
    )
    if (serve && server.requests !== attempts) throw new Error(`${server.requests} requests came of ${attempts}`)
    return { code, requests: attempts, ...(text === undefined ? {} : { text }), closed: await server.closed() }
  } finally {
    if (serve) await server.stop()
  }
}
