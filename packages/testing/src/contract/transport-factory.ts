import type { Transport, TransportOptions } from '@dualscope/core'

/** Options that the suite passes to a transport: those of every transport, and the one of native streams. */
export interface ContractTransportOptions extends TransportOptions {
  /** `false` requests frames that repeat the whole answer so far; only if `cumulative` is claimed. */
  incrementalOutput?: boolean | undefined
}

/** Creates the transport under test. It must use every option, above all `fetch` and `apiKey`. */
export type TransportFactory = (options: ContractTransportOptions) => Transport
