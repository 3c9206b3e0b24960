import { compatible } from '@dualscope/compatible'
import { ApiError, createClient, DualscopeError, estimateCost, type ChatRequest } from '@dualscope/core'
import { dashscope } from '@dualscope/dashscope'

import type { Line, Protocol } from './line.ts'
import type { Service } from './service.ts'

const transports = { compatible, dashscope }

/** A question over one protocol. */
export interface Asked {
  protocol: Protocol
  request: ChatRequest
  service: Service
  signal: AbortSignal
}

/** Asks over one protocol and reports progress and failures. Throws only aborts. */
export async function ask({ protocol, request, service, signal }: Asked, tell: (line: Line) => Promise<void>) {
  const transport = transports[protocol]({
    ...service.options,
    onRequest: (request) => void tell({ protocol, type: 'request', request }),
  })
  const started = performance.now()
  const elapsed = () => Math.round(performance.now() - started)
  let first: number | undefined
  try {
    const stream = createClient({ transport }).stream(request, { signal })
    for await (const event of stream) {
      first ??= elapsed()
      await tell({ protocol, type: 'event', event })
    }
    const { finishReason, usage, model } = await stream.result()
    const cost = usage && estimateCost(usage, model)
    await tell({ protocol, type: 'done', finishReason, usage, cost, first, total: elapsed() })
  } catch (error) {
    signal.throwIfAborted()
    await tell({ protocol, type: 'error', ...describe(error) })
  }
}

function describe(error: unknown): {
  code: DualscopeError['code'] | 'unknown'
  message: string
  requestId: string | undefined
} {
  return {
    code: error instanceof DualscopeError ? error.code : 'unknown',
    message: error instanceof Error ? error.message : String(error),
    requestId: error instanceof ApiError ? error.requestId : undefined,
  }
}
