import { compatible } from '@dualscope/compatible'
import {
  ApiError,
  createClient,
  DualscopeError,
  estimateCost,
  type ChatRequest,
  type OutputSpec,
} from '@dualscope/core'
import { dashscope } from '@dualscope/dashscope'

import { adviceByCode, unexpectedAdvice } from '../advice.ts'
import type { Line, Protocol } from './line.ts'
import type { Service } from './service.ts'
import { tapWire } from './wire-tap.ts'

const transports = { compatible, dashscope }

/** A question over one protocol. */
export interface ProtocolQuestion {
  protocol: Protocol
  request: ChatRequest<OutputSpec | undefined>
  service: Service
  signal: AbortSignal
}

/** Bytes of a wire event that the page shows; the rest is cut. */
const longestEvent = 20_000

type Untimed<L> = L extends unknown ? Omit<L, 'protocol' | 'at'> : never

/** Asks over one protocol and sends progress and failures to the page. Throws only aborts. */
export async function ask(
  { protocol, request, service, signal }: ProtocolQuestion,
  send: (line: Line) => Promise<void>,
): Promise<void> {
  const started = performance.now()
  const elapsed = () => Math.round(performance.now() - started)
  const report = (line: Untimed<Line>) => send({ ...line, protocol, at: elapsed() })
  const { fetch = globalThis.fetch, apiKey } = service.options
  const withoutKey = (text: string) => (typeof apiKey === 'string' ? text.replaceAll(apiKey, '[redacted]') : text)
  const transport = transports[protocol]({
    ...service.options,
    fetch: tapWire(fetch, (text) => void report({ type: 'wire', text: withoutKey(text).slice(0, longestEvent) })),
    onRequest: (request) => void report({ type: 'request', request }),
  })
  let first: number | undefined
  try {
    const stream = createClient({ transport }).stream(request, { signal })
    for await (const event of stream) {
      first ??= elapsed()
      await report({ type: 'event', event })
    }
    const { finishReason, usage, model, reasoning } = await stream.result()
    const cost = usage && estimateCost(usage, model, { region: service.options.region })
    await report({ type: 'done', finishReason, usage, cost, first, reasoning })
  } catch (error) {
    signal.throwIfAborted()
    await report({ type: 'error', ...describe(error) })
  }
}

function describe(error: unknown): {
  code: DualscopeError['code'] | 'unknown'
  message: string
  advice: string
  requestId: string | undefined
} {
  const code = error instanceof DualscopeError ? error.code : 'unknown'
  return {
    code,
    message: error instanceof Error ? error.message : String(error),
    advice: adviseOn(code),
    requestId: error instanceof ApiError ? error.requestId : undefined,
  }
}

/** Returns the advice of the command in the words of the page, which has fields instead of options. */
function adviseOn(code: DualscopeError['code'] | 'unknown'): string {
  if (code === 'unknown') return unexpectedAdvice
  return code === 'validation' ? 'Correct the field.' : adviceByCode[code].replaceAll(/--(?=[a-z])/g, '')
}
