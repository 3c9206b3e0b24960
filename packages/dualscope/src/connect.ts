import { compatible } from '@dualscope/compatible'
import {
  createClient,
  DualscopeError,
  fallback,
  type Client,
  type ModelId,
  type Transport,
  type TransportOptions,
} from '@dualscope/core'
import { dashscope } from '@dualscope/dashscope'

const protocols = { compatible, dashscope }

/** A protocol, or both with a comma between them: the second is tried if the first fails (see `fallback`). */
export type ProtocolChoice = 'compatible' | 'dashscope' | 'compatible,dashscope' | 'dashscope,compatible'

/** The options of a client: those of every transport, and the choice of the transport. */
export interface ConnectOptions extends TransportOptions {
  /** An unknown protocol is a `configuration` error of the first call. @default the environment's DUALSCOPE_PROTOCOL, else 'compatible' */
  protocol?: ProtocolChoice | undefined
  /** The model of requests that name none. */
  model?: ModelId | undefined
}

/**
 * Creates a client. The environment variable DUALSCOPE_PROTOCOL chooses its protocol without a change of code. Invalid options
 * are `configuration` errors of the first call.
 *
 * @example
 * ```ts
 * const client = connect({ model: 'kimi-k2.5' })
 * const { text } = await client.chat('Who are you?')
 * ```
 */
export function connect({ model, ...options }: ConnectOptions = {}): Client {
  return createClient({ transport: connectTransport(options), model })
}

/** Creates the transport of a client for `connect`. */
export function connectTransport({ protocol, ...options }: Omit<ConnectOptions, 'model'>): Transport {
  return transportFor(protocol ?? protocolOfEnvironment(), options)
}

function transportFor(choice: string, options: TransportOptions): Transport {
  const transports: Transport[] = []
  for (const name of choice.split(',').map((each) => each.trim())) {
    if (!isProtocol(name)) return failingTransport(choice, name)
    transports.push(protocols[name](options))
  }
  const [first, ...others] = transports
  return first && others.length === 0 ? first : fallback(transports)
}

function isProtocol(name: string): name is keyof typeof protocols {
  return Object.hasOwn(protocols, name)
}

/** Creates a transport whose calls fail, as for any invalid option. */
function failingTransport(choice: string, name: string): Transport {
  const protocolError = () =>
    new DualscopeError(
      'configuration',
      `protocol: "${name}" is unknown; it can be compatible, dashscope, or both with a comma between them`,
    )
  return {
    protocol: choice,
    send: () => Promise.reject(protocolError()),
    // oxlint-disable-next-line require-yield -- a stream fails with its first pull
    async *stream() {
      throw protocolError()
    },
  }
}

function protocolOfEnvironment(): string {
  // Not every runtime has a `process`.
  const { process } = globalThis as { process?: { env?: Record<string, string | undefined> } }
  return process?.env?.['DUALSCOPE_PROTOCOL'] || 'compatible'
}
