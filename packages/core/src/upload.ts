import { pause, startDeadline } from './deadline.ts'
import { DualscopeError } from './errors.ts'
import { unreadable, type MediaFile, type MediaFormat } from './inspect-media.ts'
import { tell } from './observe.ts'
import { withRetries, type Failure } from './retry.ts'
import { exchangeUpload, type UploadTarget } from './upload-exchange.ts'
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
    told = loaded
    onLoaded(loaded)
  }

  async function post(policy: UploadPolicy, attempt: number) {
    // A fresh name each time: the storage refuses to overwrite, and it need not learn the local one.
    const name = `${crypto.randomUUID()}.${file.format.extension}`
    const key = `${policy.upload_dir}/${name}`
    const body = new FormData()
    const counted = countedFile(file, name, (loaded) => {
      deadline.alive()
      tellLoaded(loaded)
    })
    for (const [field, value] of formFields(policy, key, file.format.type)) body.append(field, value)
    body.append('file', counted.file)
    const headers = { accept: 'application/json' }
    const shown = { key, file: `${file.blob.size} bytes` }
    const request = { method: 'POST', url: policy.upload_host, headers, body, shown, attempt } as const
    const outcome = await exchangeUpload(target, request, deadline)
    if (counted.failure) throw counted.failure
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
    if (told < file.blob.size) tellLoaded(file.blob.size)
    return url
  } finally {
    deadline.end()
  }
}

/** In the order of the official SDKs, with the file last, which the storage insists on. */
function formFields(policy: UploadPolicy, key: string, type: string): [string, string][] {
  return [
    ['OSSAccessKeyId', policy.oss_access_key_id],
    ['Signature', policy.signature],
    ['policy', policy.policy],
    ['key', key],
    ['x-oss-object-acl', policy.x_oss_object_acl],
    ['x-oss-forbid-overwrite', policy.x_oss_forbid_overwrite],
    ['success_action_status', '200'],
    ['x-oss-content-type', type],
  ]
}

function checkSize({ blob, path }: Upload, policy: UploadPolicy): void {
  const limit = (policy.max_file_size_mb ?? Infinity) * 2 ** 20
  if (blob.size <= limit) return
  throw new DualscopeError('media', `${path}: an upload must be at most ${limit} bytes, got ${blob.size}`)
}

// Small: what has been sent stays in memory until the next collection, which counts pieces rather than their bytes. With
// the 64 KiB of Blob.stream() the memory was seen to grow with the file (bench/upload-memory.ts).
const pieceSize = 16 * 1024

/**
 * The file under another name, with an eye on its bytes as the runtime takes them. A form keeps its Content-Length that
 * way, which it would lose as a stream. A runtime that reads the bytes behind our back tells no progress but the end.
 */
function countedFile({ blob, format, path }: Upload, name: string, onLoaded: LoadedListener) {
  const file = new File([blob], name, { type: format.type })
  const counted: { file: File; failure?: DualscopeError } = { file }
  const stream = () => {
    let loaded = 0
    const pull = async (controller: ReadableStreamDefaultController<Uint8Array>) => {
      const piece = await blob
        .slice(loaded, loaded + pieceSize)
        .arrayBuffer()
        .catch((cause: unknown) => {
          counted.failure = unreadable(path, cause)
          throw counted.failure
        })
      if (piece.byteLength === 0) {
        controller.close()
        return
      }
      loaded += piece.byteLength
      onLoaded(loaded)
      controller.enqueue(new Uint8Array(piece))
    }
    return new ReadableStream({ pull }, { highWaterMark: 0 })
  }
  Object.defineProperty(file, 'stream', { value: stream })
  return counted
}
