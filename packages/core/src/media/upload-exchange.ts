import { DualscopeError } from '../errors.ts'
import { createBodyReader, readAll } from '../http/body.ts'
import type { Deadline } from '../http/deadline.ts'
import { requestIdOf } from '../http/headers.ts'
import type { Failure } from '../http/retry.ts'
import { send, settle } from '../http/send.ts'
import { notify, requestNotice, responseNotice } from '../observe.ts'
import type { Connection } from '../service/connection.ts'
import { explainRefusal } from '../service/refusal.ts'

/** One request of an upload. */
export interface UploadRequest {
  method: 'GET' | 'POST'
  url: string
  headers: Record<string, string>
  body?: Blob | undefined
  /** The body as observers see it. */
  shown: unknown
  attempt: number
}

/** The failure of an exchange; only a new policy repairs an expired one. */
export interface UploadFailure extends Failure {
  policyExpired?: boolean | undefined
}

/** Makes one exchange of an upload. Returns the text of a 2xx response, or a failure that a retry may repair. */
export async function exchangeUpload(
  connection: Connection,
  request: UploadRequest,
  deadline: Deadline,
): Promise<{ text: string } | UploadFailure> {
  const { codec, observers, secrets } = connection
  const { protocol } = codec
  const { method, url, headers, shown, attempt } = request
  notify(observers.onRequest, () => requestNotice({ protocol, method, url, headers, body: shown, attempt }, secrets))

  let response: Response
  let text: string
  try {
    response = await deadline.whileWaiting(sendUpload(connection, request, deadline.signal))
    const body = createBodyReader(response.body, deadline)
    try {
      text = await readAll(body)
    } finally {
      await body.cancel()
    }
  } catch (error) {
    deadline.signal.throwIfAborted()
    if (!(error instanceof DualscopeError)) throw error
    // A file that did arrive does no harm: each attempt uses a new name.
    const broken = error.code === 'connection' || error.code === 'incomplete'
    return { error, retries: broken ? Infinity : 0 }
  }
  const { status } = response
  const requestId = requestIdOf(response)
  notify(observers.onResponse, () => responseNotice({ protocol, url, requestId, attempt }, response, secrets))
  if (response.ok) return { text }

  const policyExpired = status === 403 && /expired/i.test(text)
  return { ...explainRefusal({ status, body: fromXml(text) }, { connection, url, response }), policyExpired }
}

/**
 * A form goes to `fetch` itself, so that a redirect fails it: only then does Node send it from disk as it goes, instead of
 * keeping a copy for the request that a redirect would ask for (docs/decisions/013). If there is a redirect after all, or
 * the runtime cannot refuse one, the form is sent again with `redirect: 'manual'`, which also shows its target.
 */
async function sendUpload({ fetch }: Connection, request: UploadRequest, signal: AbortSignal): Promise<Response> {
  const { method, url, headers, body } = request
  if (body === undefined) return send({ method, url, headers, signal, fetch })
  const init: RequestInit = { method, headers, body, signal }
  try {
    // Without a window there is no prompt for credentials either, which would need the copy too.
    return await settle(fetch(url, { ...init, redirect: 'error', window: null }), url, signal)
  } catch (error) {
    if (!failedAtRedirect(error)) throw error
    return settle(fetch(url, { ...init, redirect: 'manual' }), url, signal)
  }
}

function failedAtRedirect(error: unknown): boolean {
  return error instanceof DualscopeError && error.code === 'connection' && /redirect/i.test(String(error.cause))
}

/** The storage answers errors in XML. The key and signature that it repeats there are left out. */
function fromXml(text: string): string {
  const field = (name: string) => new RegExp(`<${name}>([^<]*)</${name}>`).exec(text)?.[1]
  const code = field('Code')
  return code === undefined
    ? text
    : JSON.stringify({ code, message: field('Message') ?? code, request_id: field('RequestId') })
}
