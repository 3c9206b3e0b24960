import type { Transport } from '@dualscope/core'

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
  /** Names the exchange that the next call is written to, or none. */
  watch: (exchange: Exchange | undefined) => void
}

/**
 * Lends transports made from options. Observers do not know which call they watch, so a transport makes one call
 * at a time. It is lent again afterwards, because it remembers what it has learned about models.
 */
export function lendTransport(options: DualscopeConnectOptions): LendTransport {
  const free: WatchedTransport[] = []
  return (exchange) => {
    const watched = free.pop() ?? createWatched(options)
    watched.watch(exchange)
    let lent = true
    return {
      transport: watched.transport,
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
    onRequest(notice) {
      if (exchange) exchange.request = notice
      return options.onRequest?.(notice)
    },
    onResponse(notice) {
      if (exchange) exchange.response = notice
      return options.onResponse?.(notice)
    },
    onDrop(notice) {
      exchange?.dropped.push(notice)
      return options.onDrop?.(notice)
    },
  })
  return {
    transport,
    watch(next) {
      exchange = next
    },
  }
}

/** Lends a custom transport to every call. Of what it does, only its chunks can be seen. */
export function watchTransport(transport: Transport): LendTransport {
  return (exchange) => ({
    transport: {
      protocol: transport.protocol,
      send: (request, options) => transport.send(request, options),
      async *stream(request, options) {
        for await (const batch of transport.stream(request, options)) {
          exchange.raw?.push(...batch)
          yield batch
        }
      },
    },
    release: () => undefined,
  })
}
