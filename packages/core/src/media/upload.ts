import { pause, startDeadline } from '../http/deadline.ts'
import { DualscopeError } from '../errors.ts'
import type { MediaFile, MediaFormat } from './inspect.ts'
import { tell } from '../observe.ts'
import { withRetries, type Failure } from '../http/retry.ts'
import { exchangeUpload, type UploadTarget } from './upload-exchange.ts'
import { uploadForm } from './upload-form.ts'
import type { PolicySource, UploadPolicy } from './upload-policy.ts'

/** A file that is to be uploaded. */
export interface Upload extends MediaFile {
  format: MediaFormat
}

/** Told how many bytes of a file have been sent; a repeated attempt begins at 0 again. */
export type LoadedListener = (loaded: number) => void

/** Uploads a file to the service's temporary storage and returns its `oss:` URL, which lives for 48 hours. */
export async function upload(
  file: Upload,
  target: UploadTarget,
  policies: PolicySource,
  onLoaded: LoadedListener,
  signal: AbortSignal,
): Promise<string> {
  const { retries, timeout, codec, observers } = target
  const deadline = startDeadline({ signal, timeout })
  let told = 0
  const tellLoaded = (loaded: number) => {
    if (loaded === told) return
    told = loaded
    onLoaded(loaded)
  }

  async function post(policy: UploadPolicy, attempt: number) {
    // A fresh name each time: the storage refuses to overwrite, and it need not learn the local one.
    const name = `${crypto.randomUUID()}.${file.format.extension}`
    const form = uploadForm(file, policy, name, (loaded) => {
      deadline.alive()
      tellLoaded(loaded)
    })
    const key = `${policy.upload_dir}/${name}`
    const request = {
      method: 'POST',
      url: policy.upload_host,
      // The form's own type becomes the Content-Type; workerd warns where it is told twice.
      headers: { accept: 'application/json' },
      body: form.body,
      shown: { key, file: `${file.blob.size} bytes` },
      attempt,
    } as const
    const outcome = await exchangeUpload(target, request, deadline)
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
    const { url } = await withRetries<{ url: string }>(attempt, {
      retries,
      pause: (milliseconds) => pause(milliseconds, deadline.signal),
      onRetry: ({ error }, number, delay) =>
        tell(observers.onRetry, () => ({ protocol: codec.protocol, attempt: number, error, delay })),
    })
    tellLoaded(file.blob.size)
    return url
  } finally {
    deadline.end()
  }
}

function checkSize({ blob, path }: Upload, policy: UploadPolicy): void {
  const limit = (policy.max_file_size_mb ?? Infinity) * 2 ** 20
  if (blob.size <= limit) return
  throw new DualscopeError('media', `${path}: an upload must be at most ${limit} bytes, got ${blob.size}`)
}
