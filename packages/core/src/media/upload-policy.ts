import * as z from 'zod/mini'

import { pause, startDeadline } from '../http/deadline.ts'
import { isLoopback } from '../service/endpoint.ts'
import { DualscopeError } from '../errors.ts'
import { mergeHeaders } from '../http/headers.ts'
import { tell } from '../observe.ts'
import { redactUrl } from '../redact.ts'
import { withRetries } from '../http/retry.ts'
import { shareWork, type SharedWork } from '../async/shared-work.ts'
import { exchangeUpload, type UploadTarget } from './upload-exchange.ts'
import { parseJson, wireReader } from '../wire/read.ts'

// Only what is read (Model Studio, "Upload a file to obtain a temporary URL").
const answer = z.object({
  data: z.object({
    policy: z.string(),
    signature: z.string(),
    upload_dir: z.string(),
    upload_host: z.string(),
    expire_in_seconds: z.nullish(z.number()),
    max_file_size_mb: z.nullish(z.number()),
    oss_access_key_id: z.string(),
    x_oss_object_acl: z.string(),
    x_oss_forbid_overwrite: z.string(),
  }),
})

const read = wireReader(answer)

/** What the service lets one upload, where, and how it is signed. */
export type UploadPolicy = z.infer<typeof answer>['data']

/** The policies of one call: a policy serves many files, until it expires. */
export interface PolicySource {
  /** The policy that is still good, else a fresh one; those who ask at the same time share it. */
  get(signal: AbortSignal): Promise<UploadPolicy>
  /** Gives up a policy that the storage calls expired. */
  discard(policy: UploadPolicy): void
}

interface Held {
  work: SharedWork<UploadPolicy>
  /** In ms since 1970. */
  expires: number
  policy?: UploadPolicy
}

// Documented as the lifetime of every policy; the rest of it is left to the upload's way there.
const documentedLifetime = 300
const usableShare = 0.9

/** Starts without a policy. */
export function createPolicySource(target: UploadTarget): PolicySource {
  let held: Held | undefined

  function renew(): Held {
    const forget = () => {
      if (held === fresh) held = undefined
    }
    const asked = Date.now()
    const request = async (signal: AbortSignal) => {
      try {
        const policy = await requestPolicy(target, signal)
        fresh.policy = policy
        fresh.expires = asked + (policy.expire_in_seconds ?? documentedLifetime) * 1000 * usableShare
        return policy
      } catch (error) {
        forget()
        throw error
      }
    }
    const fresh: Held = { work: shareWork(request, forget), expires: Infinity }
    return fresh
  }

  return {
    get(signal) {
      if (!held || held.expires <= Date.now()) held = renew()
      return held.work.join(signal)
    },
    discard(policy) {
      if (held?.policy === policy) held = undefined
    },
  }
}

async function requestPolicy(target: UploadTarget, signal: AbortSignal): Promise<UploadPolicy> {
  const { base, model, key, codec, retries, timeout, observers } = target
  const deadline = startDeadline({ signal, timeout })
  const url = `${base}/api/v1/uploads?action=getPolicy&model=${encodeURIComponent(model)}`
  const headers = mergeHeaders({ authorization: `Bearer ${key}`, accept: 'application/json' }, target.headers)
  try {
    const { text } = await withRetries<{ text: string }>(
      (attempt) => exchangeUpload(target, { method: 'GET', url, headers, shown: undefined, attempt }, deadline),
      {
        retries,
        pause: (milliseconds) => pause(milliseconds, deadline.signal),
        onRetry: ({ error }, attempt, delay) =>
          tell(observers.onRetry, () => ({ protocol: codec.protocol, attempt, error, delay })),
      },
    )
    const { data } = read(parseJson(text))
    checkHost(data.upload_host, target.allowHttp)
    return data
  } finally {
    deadline.end()
  }
}

/** Files go to no host but the one that the policy names, and not in the clear. */
function checkHost(host: string, allowHttp: boolean): void {
  const url = URL.canParse(host) ? new URL(host) : undefined
  const http = url?.protocol === 'http:' && (allowHttp || isLoopback(url.hostname))
  if (url?.protocol === 'https:' || http) return
  throw new DualscopeError('connection', `The upload policy names ${redactUrl(host)}; files are sent over https: only`)
}
