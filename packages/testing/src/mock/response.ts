import type { Reply } from './exchange.ts'

/** Callbacks for the start and the end of a body. */
export interface BodyWatch {
  start: () => void
  /** Called once: the body ended or broke, or its reader left. */
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
          // A `Response` takes no shared memory, which a copy never is.
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
        // Neither awaited nor reported: a stalled body would keep its reader waiting, and the reader has gone.
        writes.return?.().catch(() => undefined)
      },
    },
    { highWaterMark: 0 },
  )
  return new Response(stream, { status, headers })
}
