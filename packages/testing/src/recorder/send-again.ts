import type { RecordedPiece, Recording } from '../recordings/recording.ts'
import { pickResponseHeaders, redactText } from '../recordings/redact.ts'

/** The target of recorded requests that are sent again. */
export interface SendAgainOptions {
  /** The origin of the service. */
  to: string
  apiKey: string
  signal?: AbortSignal | undefined
}

// A PNG of 16 x 16 pixels: the service requires more than 10 on each side.
const picture =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAABAAAAAQCAIAAACQkWg2AAAAFklEQVR42mP438BAEmIY1TCqYfhqAACcdX8QL4dRqgAAAABJRU5ErkJggg=='

const digest = /^data:([^;,]*)[^,]*,\(\d+ bytes, sha256 [0-9a-f]{64}\)$/

/** Replaces pictures, which a recording does not hold, by a small one. Undefined if another part is missing. */
function restore(value: unknown): unknown {
  if (typeof value === 'string') {
    const mediaType = digest.exec(value)?.[1]
    if (mediaType !== undefined) return mediaType.startsWith('image/') ? picture : undefined
    return /^oss:\/\/|\*{8}/.test(value) ? undefined : value
  }
  if (Array.isArray(value)) {
    const items = value.map(restore)
    return items.includes(undefined) ? undefined : items
  }
  if (typeof value !== 'object' || value === null) return value
  const fields = Object.entries(value).map(([key, each]) => [key, restore(each)] as const)
  return fields.some(([, each]) => each === undefined) ? undefined : Object.fromEntries(fields)
}

/** Whether a recorded request can be sent again: a chat without media other than pictures, whose answer is complete. */
export function canSendAgain({ request, response }: Recording): boolean {
  const isChat = /\/(chat\/completions|generation)$/.test(request.path)
  return request.method === 'POST' && isChat && response.end === 'complete' && restore(request.body) !== undefined
}

/** Sends a recorded request again, and records its answer. Rejects as `fetch` does. */
export async function sendAgain({ request }: Recording, options: SendAgainOptions): Promise<Recording> {
  const { to, apiKey, signal } = options
  const response = await fetch(to.replace(/\/+$/, '') + request.path, {
    method: request.method,
    headers: { ...request.headers, authorization: `Bearer ${apiKey}` },
    body: JSON.stringify(restore(request.body)),
    // A redirect would send the key to another address.
    redirect: 'error',
    ...(signal ? { signal } : {}),
  })
  const pieces: RecordedPiece[] = [{ after: 0, text: redactText(await response.text(), apiKey) }]
  const { status, headers } = response
  return { version: 1, request, response: { status, headers: pickResponseHeaders(headers), pieces, end: 'complete' } }
}
