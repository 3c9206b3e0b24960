import { readAll } from '../http/body.ts'
import type { Deadline } from '../http/deadline.ts'
import { DualscopeError } from '../errors.ts'
import type { Call } from '../transport/attempt.ts'
import { explainRefusal } from '../service/refusal.ts'
import { sendHttp, type HttpAnswer, type HttpRequest } from '../http/send.ts'
import { requestNotice, responseNotice } from '../engine/notices.ts'
import { tell } from '../observe.ts'
import { blamesRedirect } from '../engine/redirects.ts'
import { requestIdOf } from '../engine/request-id.ts'
import type { Failure } from '../http/retry.ts'

/** Where uploads go and on whose behalf; `headers` go to the service alone, not to the storage. */
export interface UploadTarget extends Omit<Call, 'deadline' | 'redirects'> {
  /** Allows storage on a plain `http:` host that is not loopback. */
  allowHttp: boolean
  /** ms of silence. */
  timeout: number
  /** Attempts after the first. */
  retries: number
}

/** One request of an upload. */
export interface UploadRequest extends Pick<HttpRequest, 'method' | 'url' | 'headers' | 'body'> {
  /** What observers are shown of the body. */
  shown: unknown
  attempt: number
}

/** The text of a 2xx answer, or a failure that a repetition may mend; `policyExpired` where only a fresh policy does. */
export async function exchangeUpload(
  target: UploadTarget,
  request: UploadRequest,
  deadline: Deadline,
): Promise<{ text: string } | (Failure & { policyExpired?: boolean })> {
  const { codec, observers } = target
  const { protocol } = codec
  const { method, url, headers, body, shown, attempt } = request
  tell(observers.onRequest, () => requestNotice({ protocol, method, url, headers, body: shown, attempt }, target.key))

  let response: Response
  let text: string
  try {
    const answer = await deadline.waiting(send(target, { method, url, headers, body, deadline }))
    response = answer.response
    try {
      text = await readAll(answer.body.read, '')
    } finally {
      await answer.body.cancel()
    }
  } catch (error) {
    deadline.signal.throwIfAborted()
    if (!(error instanceof DualscopeError)) throw error
    // A file that did arrive is in nobody's way: the next attempt has a name of its own.
    const broken = error.code === 'connection' || error.code === 'incomplete'
    return { error, retries: broken ? Infinity : 0 }
  }
  const { status } = response
  const requestId = requestIdOf(response)
  tell(observers.onResponse, () => responseNotice({ protocol, url, requestId, attempt }, response, target.key))
  if (response.ok) return { text }

  const refused = { codec, url, model: target.model, key: target.key, response }
  const policyExpired = status === 403 && /expired/i.test(text)
  return { ...(await explainRefusal({ status, body: fromXml(text) }, refused)), policyExpired }
}

/**
 * A form is sent so that a redirect fails it: only then does Node's `fetch` send it from disk as it goes, instead of
 * keeping a copy of all of it for the request that a redirect would ask for. Should there be one after all, or a runtime
 * that cannot refuse redirects so, the form is sent again in the other way, which also tells where it points.
 */
async function send(target: UploadTarget, request: Omit<HttpRequest, 'fetch' | 'redirect'>): Promise<HttpAnswer> {
  const { fetch } = target
  if (request.body === undefined) return sendHttp({ ...request, fetch })
  try {
    return await sendHttp({ ...request, fetch, redirect: 'error' })
  } catch (error) {
    if (!blamesRedirect(error)) throw error
    return sendHttp({ ...request, fetch })
  }
}

/** The storage refuses in XML; the key and signature that it repeats there are left out. */
function fromXml(text: string): string {
  const field = (name: string) => new RegExp(`<${name}>([^<]*)</${name}>`).exec(text)?.[1]
  const code = field('Code')
  return code === undefined
    ? text
    : JSON.stringify({ code, message: field('Message') ?? code, request_id: field('RequestId') })
}
