import type { Transport, TransportOptions } from '@dualscope/core'

/** Options that the suite passes to a transport: those of every transport, and the one of native streams. */
export interface ContractTransportOptions extends TransportOptions {
  /** `false` asks for frames that repeat all that came before; only where `cumulative` is claimed. */
  incrementalOutput?: boolean | undefined
}

/** Makes the transport under test. It has to pass on all that it is given, above all `fetch` and `apiKey`. */
export type TransportFactory = (options: ContractTransportOptions) => Transport
