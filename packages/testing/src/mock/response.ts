import type { Reply } from './exchange.ts'

/** Callbacks about a body on its way. */
export interface BodyWatch {
  start: () => void
  /** Once: it came to its end, broke, or the reader left. */
  end: () => void
}

const withoutBody = new Set([204, 205, 304])

/** Creates a `Response` that writes its body only as fast as it is read. */
export function toResponse({ status, headers, body }: Reply, signal: AbortSignal, watch: BodyWatch): Response {
  if (!body || withoutBody.has(status)) return new Response(null, { status, headers })
  const writes = body[Symbol.asyncIterator]()
  let open = true
  const close = () => {
    if (!open) return
    open = false
    signal.removeEventListener('abort', abort)
    watch.end()
  }
  let fail: (reason: unknown) => void
  function abort() {
    close()
    fail(signal.reason)
  }
  watch.start()
  const stream = new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      start: (controller) => {
        fail = (reason) => controller.error(reason)
        signal.addEventListener('abort', abort, { once: true })
      },
      pull: async (controller) => {
        try {
          const write = await writes.next()
          if (!open) return
          // A copy is certain not to be shared memory.
          if (!write.done) return controller.enqueue(new Uint8Array(write.value))
          close()
          controller.close()
        } catch (error) {
          if (!open) return
          close()
          controller.error(error)
        }
      },
      cancel: () => {
        close()
        // Not awaited: a body that stalls would keep its reader waiting.
        writes.return?.().catch(() => undefined)
      },
    },
    { highWaterMark: 0 },
  )
  return new Response(stream, { status, headers })
}
