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

/** The longest wire event that is sent to the page, in characters; the rest is cut off. */
const longestEvent = 20_000

type Untimed<L> = L extends unknown ? Omit<L, 'protocol' | 'at'> : never

/** Sends a question over one protocol, and its progress and failure to the page. Rejects only if it is aborted. */
export async function ask(
  { protocol, request, service, signal }: ProtocolQuestion,
  send: (line: Line) => Promise<void>,
): Promise<void> {
  const started = performance.now()
  const elapsed = () => Math.round(performance.now() - started)
  const report = (line: Untimed<Line>) => send({ ...line, protocol, at: elapsed() })
  const { fetch = globalThis.fetch, apiKey } = service.options
  // The key of the mock is an ordinary word.
  const secret = service.live && typeof apiKey === 'string' ? apiKey : undefined
  const withoutKey = (text: string) => (secret === undefined ? text : text.replaceAll(secret, '[redacted]'))
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

/** Returns the advice of the command for the page, which has fields instead of options. */
function adviseOn(code: DualscopeError['code'] | 'unknown'): string {
  if (code === 'unknown') return unexpectedAdvice
  return code === 'validation' ? 'Correct the field.' : adviceByCode[code].replaceAll(/--(?=[a-z])/g, '')
}
