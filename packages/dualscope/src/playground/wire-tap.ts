/** Receives an event, or the body of a whole response. */
export type WireListener = (text: string) => void

/** Wraps `fetch` so that a listener sees each event of a response at the time it arrives. The response stays unchanged. */
export function tapWire(fetch: typeof globalThis.fetch, listener: WireListener): typeof globalThis.fetch {
  return async (input, init) => {
    const response = await fetch(input, init)
    // Uploads and their policies are not answers.
    if (!response.body || !/json|event-stream/.test(response.headers.get('content-type') ?? '')) return response
    const { status, statusText, headers } = response
    return new Response(response.body.pipeThrough(createTap(listener)), { status, statusText, headers })
  }
}

// The page shows the beginning of a longer event.
const longestPending = 64 * 1024

function createTap(listener: WireListener): TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>> {
  const decoder = new TextDecoder()
  let pending = ''
  return new TransformStream({
    transform(bytes, controller) {
      controller.enqueue(bytes)
      const blocks = (pending + decoder.decode(bytes, { stream: true })).split(/\r?\n\r?\n/)
      pending = (blocks.pop() ?? '').slice(0, longestPending)
      for (const block of blocks) listener(block)
    },
    flush() {
      if (pending !== '') listener(pending)
    },
  })
}
