import { DualscopeError } from '../errors.ts'
import { startDeadline } from '../http/deadline.ts'
import type { Failure } from '../http/retry.ts'
import { retry, type Connection } from '../service/connection.ts'
import type { InspectedFile } from './inspect.ts'
import { exchangeUpload } from './upload-exchange.ts'
import { createUploadForm } from './upload-form.ts'
import type { PolicySource, UploadPolicy } from './upload-policy.ts'

/** The context of an upload. */
export interface UploadTask {
  connection: Connection
  policies: PolicySource
  /** Receives how many bytes of the file have been sent; a retry begins at 0 again. */
  onLoaded: (loaded: number) => void
  signal: AbortSignal
}

/** Uploads a file to the service's temporary storage and returns its `oss:` URL, which lives for 48 hours. */
export async function upload(
  file: InspectedFile,
  { connection, policies, onLoaded, signal }: UploadTask,
): Promise<string> {
  const deadline = startDeadline({ signal, timeout: connection.timeout })
  let reported = 0
  const report = (loaded: number) => {
    if (loaded === reported) return
    reported = loaded
    onLoaded(loaded)
  }

  async function post(policy: UploadPolicy, attempt: number) {
    // A new name each time: the storage refuses to overwrite, and it need not learn the local one.
    const name = `${crypto.randomUUID()}.${file.format.extension}`
    const form = createUploadForm(file, policy, name, (loaded) => {
      deadline.keepAlive()
      report(loaded)
    })
    const key = `${policy.upload_dir}/${name}`
    const request = {
      method: 'POST',
      url: policy.upload_host,
      // The form's own type becomes the Content-Type; workerd warns if it is set twice.
      headers: { accept: 'application/json' },
      body: form.body,
      shown: { key, file: `${file.blob.size} bytes` },
      attempt,
    } as const
    const outcome = await exchangeUpload(connection, request, deadline)
    if (form.failure) throw form.failure
    return 'text' in outcome ? { url: `oss://${key}` } : outcome
  }

  async function attempt(number: number): Promise<{ url: string } | Failure> {
    const policy = await policies.get(deadline.signal)
    checkSize(file, policy)
    const outcome = await post(policy, number)
    if (!('policyExpired' in outcome) || !outcome.policyExpired) return outcome
    policies.discard(policy)
    return post(await policies.get(deadline.signal), number)
  }

  try {
    const { url } = await retry<{ url: string }>(connection, deadline.signal, attempt)
    report(file.blob.size)
    return url
  } finally {
    deadline.dispose()
  }
}

function checkSize({ blob, path }: InspectedFile, policy: UploadPolicy): void {
  const limit = (policy.max_file_size_mb ?? Infinity) * 2 ** 20
  if (blob.size <= limit) return
  throw new DualscopeError('media', `${path}: an upload must be at most ${limit} bytes, got ${blob.size}`)
}
