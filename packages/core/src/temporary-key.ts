import * as z from 'zod/mini'

import { DualscopeError } from './errors.ts'
import { createBodyReader, readAll } from './http/body.ts'
import { startDeadline, type Deadline } from './http/deadline.ts'
import { mergeHeaders } from './http/headers.ts'
import { send } from './http/send.ts'
import { parseJson } from './json.ts'
import { redactError } from './redact.ts'
import { checkOptions } from './request/options.ts'
import { resolveKey } from './service/credentials.ts'
import { resolveEndpoint, workspaceHeaders } from './service/endpoint.ts'
import { explainRefusal } from './service/refusal.ts'
import type { TransportOptions } from './transport.ts'
import { decodeServiceError } from './wire/error.ts'

/** The service that creates a temporary key, and the key's lifetime. */
export interface TemporaryKeyOptions extends Pick<
  TransportOptions,
  'apiKey' | 'region' | 'workspace' | 'baseUrl' | 'fetch'
> {
  /** s until it expires, a whole number from 1 to 1,800. @default 60 */
  expiresIn?: number | undefined
  signal?: AbortSignal | undefined
}

/** A key for a page or an app, which cannot keep a secret. */
export interface TemporaryKey {
  /** Stands wherever a key stands, as `apiKey` of a transport too. */
  key: string
  expiresAt: Date
}

const anything = z.optional(z.unknown())
const keyOptions = z.strictObject({
  apiKey: anything,
  region: anything,
  workspace: anything,
  baseUrl: anything,
  fetch: anything,
  signal: anything,
  expiresIn: z.optional(z.int().check(z.minimum(1), z.maximum(1800))),
})

const answer = z.object({ token: z.string().check(z.minLength(1)), expires_at: z.number() })

// ms of silence; the service has nothing to compute.
const timeout = 30_000

/**
 * Creates a key that expires, with the rights of the permanent one (Model Studio, "Generate a temporary API key", 2026-06-04). Call it
 * on a server and hand the key to a page. It makes one attempt. Throws `validation` for an expiry out of range,
 * `authentication` if the permanent key is refused, `configuration`, `connection` or `timeout` as a call does, and `protocol` for an
 * answer without a key.
 *
 * @example
 * ```ts
 * const { key, expiresAt } = await createTemporaryKey({ expiresIn: 600 })
 * ```
 */
export async function createTemporaryKey(options: TemporaryKeyOptions = {}): Promise<TemporaryKey> {
  checkOptions(keyOptions, options, 'validation')
  const { expiresIn = 60, apiKey, workspace, signal, fetch = globalThis.fetch } = options
  const base = resolveEndpoint(options)
  const deadline = startDeadline({ signal, timeout })
  let secrets: readonly string[] = []
  try {
    deadline.signal.throwIfAborted()
    const permanent = await resolveKey(apiKey, deadline.signal)
    secrets = [permanent]
    const url = `${base}/api/v1/tokens?expire_in_seconds=${expiresIn}`
    const headers = mergeHeaders(
      { authorization: `Bearer ${permanent}`, accept: 'application/json' },
      workspaceHeaders(workspace),
    )
    const { response, text } = await exchange({ url, headers, fetch }, deadline)
    if (response.ok) return readKey(parseJson(text))
    const codec = { protocol: 'dashscope', decodeError: decodeServiceError }
    const connection = { codec, model: '', secrets }
    throw explainRefusal({ status: response.status, body: text }, { connection, url, response }).error
  } catch (error) {
    throw redactError(error, secrets)
  } finally {
    deadline.dispose()
  }
}

async function exchange(
  { url, headers, fetch }: { url: string; headers: Record<string, string>; fetch: typeof globalThis.fetch },
  deadline: Deadline,
): Promise<{ response: Response; text: string }> {
  const sending = send({ method: 'POST', url, headers, signal: deadline.signal, fetch })
  const response = await deadline.whileWaiting(sending)
  const body = createBodyReader(response.body, deadline)
  try {
    return { response, text: await readAll(body) }
  } finally {
    await body.cancel()
  }
}

/** The error names the place alone: the answer may hold a key. */
function readKey(body: unknown): TemporaryKey {
  const { data, error } = answer.safeParse(body)
  const expiresAt = new Date((data?.expires_at ?? Number.NaN) * 1000)
  if (data && !Number.isNaN(expiresAt.getTime())) return { key: data.token, expiresAt }
  const place = error?.issues[0]?.path.join('.') || 'expires_at'
  throw new DualscopeError('protocol', `The answer to a request for a temporary key has an unknown shape at ${place}`)
}
