import * as z from 'zod/mini'

import { shareWork, type SharedWork } from '../async/shared-work.ts'
import { DualscopeError } from '../errors.ts'
import { startDeadline } from '../http/deadline.ts'
import { mergeHeaders } from '../http/headers.ts'
import { parseJson } from '../json.ts'
import { retry, type Connection } from '../service/connection.ts'
import { checkUploadHost } from '../service/local-host.ts'
import { exchangeUpload } from './upload-exchange.ts'

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

/** The permission to upload: the target, its limits, and the signature. */
export type UploadPolicy = z.infer<typeof answer>['data']

/** The policies of one call. A policy serves many files until it expires. */
export interface PolicySource {
  /** Returns the policy that is still valid, else requests a new one, once for all who wait. */
  get(signal: AbortSignal): Promise<UploadPolicy>
  /** Drops a policy that the storage calls expired. */
  discard(policy: UploadPolicy): void
}

interface CachedPolicy {
  work: SharedWork<UploadPolicy>
  /** In ms since 1970. */
  expires: number
  policy?: UploadPolicy
}

// The documented lifetime of every policy, in s. A part of it is left for the upload itself.
const documentedLifetime = 300
const usableShare = 0.9

/** Starts without a policy. */
export function createPolicySource(connection: Connection): PolicySource {
  let cached: CachedPolicy | undefined

  function renew(): CachedPolicy {
    const forget = () => {
      if (cached === fresh) cached = undefined
    }
    const requestedAt = Date.now()
    const request = async (signal: AbortSignal) => {
      try {
        const policy = await requestPolicy(connection, signal)
        fresh.policy = policy
        fresh.expires = requestedAt + (policy.expire_in_seconds ?? documentedLifetime) * 1000 * usableShare
        return policy
      } catch (error) {
        forget()
        throw error
      }
    }
    const fresh: CachedPolicy = { work: shareWork(request, forget), expires: Infinity }
    return fresh
  }

  return {
    get(signal) {
      if (!cached || cached.expires <= Date.now()) cached = renew()
      return cached.work.join(signal)
    },
    discard(policy) {
      if (cached?.policy === policy) cached = undefined
    },
  }
}

async function requestPolicy(connection: Connection, signal: AbortSignal): Promise<UploadPolicy> {
  const { base, model, key, timeout } = connection
  const deadline = startDeadline({ signal, timeout })
  const url = `${base}/api/v1/uploads?action=getPolicy&model=${encodeURIComponent(model)}`
  const headers = mergeHeaders({ authorization: `Bearer ${key}`, accept: 'application/json' }, connection.headers)
  try {
    const { text } = await retry<{ text: string }>(connection, deadline.signal, (attempt) =>
      exchangeUpload(connection, { method: 'GET', url, headers, shown: undefined, attempt }, deadline),
    )
    const policy = readPolicy(parseJson(text))
    checkUploadHost(policy.upload_host, base)
    return policy
  } finally {
    deadline.dispose()
  }
}

/** The error names the place alone: the answer holds a signature. */
function readPolicy(body: unknown): UploadPolicy {
  const { data, error } = answer.safeParse(body)
  if (data) return data.data
  const place = error.issues[0]?.path.join('.') || 'its top'
  throw new DualscopeError('protocol', `The upload policy has an unknown shape at ${place}`)
}
