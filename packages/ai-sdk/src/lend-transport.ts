import type { Observers, Transport } from '@dualscope/core'

import type { Exchange } from './exchange.ts'
import { createProtocolTransport, type DualscopeConnectOptions } from './protocol-transport.ts'
import { watchFetch } from './watch-fetch.ts'

/** A transport for one call. */
interface Loan {
  transport: Transport
  /** Gives the transport back when the call has ended. */
  release: () => void
}

/** Lends a transport for one call, and writes what it does into the call's exchange. Throws `configuration`. */
export type LendTransport = (exchange: Exchange) => Loan

interface WatchedTransport {
  transport: Transport
  /** Names the exchange that bodies are written to, or none. */
  watch: (exchange: Exchange | undefined) => void
}

/**
 * Lends transports made from options. A `fetch` does not know which call it serves, so a transport makes one call at a time.
 * It is lent again afterwards, because it remembers what it has learned about models.
 */
export function lendTransport(options: DualscopeConnectOptions): LendTransport {
  const free: WatchedTransport[] = []
  return (exchange) => {
    const watched = free.pop() ?? createWatched(options)
    watched.watch(exchange)
    let lent = true
    return {
      transport: observe(watched.transport, exchange),
      release() {
        if (!lent) return
        lent = false
        watched.watch(undefined)
        free.push(watched)
      },
    }
  }
}

function createWatched(options: DualscopeConnectOptions): WatchedTransport {
  let exchange: Exchange | undefined
  const transport = createProtocolTransport({
    ...options,
    unsupported: options.unsupported ?? 'drop',
    fetch: watchFetch(options.fetch, () => exchange),
  })
  return {
    transport,
    watch(next) {
      exchange = next
    },
  }
}

/** Lends a custom transport to every call. Its bodies cannot be seen, so its chunks are the raw events. */
export function watchTransport(transport: Transport): LendTransport {
  return (exchange) => {
    const observed = observe(transport, exchange)
    return {
      transport: {
        ...observed,
        async *stream(request, options) {
          for await (const batch of observed.stream(request, options)) {
            exchange.raw?.push(...batch)
            yield batch
          }
        },
      },
      release: () => undefined,
    }
  }
}

/** Wraps a transport so that each call reports to an exchange. */
function observe(transport: Transport, exchange: Exchange): Transport {
  const observers: Observers = {
    onRequest(notice) {
      exchange.request = notice
    },
    onResponse(notice) {
      exchange.response = notice
    },
    onDrop(notice) {
      exchange.dropped.push(notice)
    },
  }
  return {
    protocol: transport.protocol,
    send: (request, options) => transport.send(request, { ...options, ...observers }),
    stream: (request, options) => transport.stream(request, { ...options, ...observers }),
  }
}
