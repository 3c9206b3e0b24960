import limitConcurrency from 'p-limit'

import type { CallOptions } from '../chat/request.ts'
import { DualscopeError } from '../errors.ts'
import { notify } from '../observe.ts'
import type { Connection } from '../service/connection.ts'
import type { TransportOptions } from '../transport.ts'
import { dataUrlLength, toDataUrl } from './data-url.ts'
import { inspectMedia, unreadable, type InspectedFile, type MediaFile } from './inspect.ts'
import { inlineLimit } from './limits.ts'
import { uploadOnce } from './upload-cache.ts'
import { createPolicySource } from './upload-policy.ts'

/** How the Blobs of a call are sent. */
export interface MediaOptions {
  media: TransportOptions['media']
  /** Whether they must keep to the limits of the Kimi page. */
  limited: boolean
  connection: Connection
  /** Aborts the call. */
  signal: AbortSignal
  onUploadProgress: CallOptions['onUploadProgress']
}

/** A Blob of a message. */
export interface BlobSource extends MediaFile {
  /** The content part that it belongs to. */
  partPath: string
}

/** How each Blob is sent, by its path. */
export interface BlobPlan {
  /** The data URLs. */
  urls: ReadonlyMap<string, string>
  /** Uploads the others and resolves with the URLs of all. */
  upload?: () => Promise<ReadonlyMap<string, string>>
}

// Enough to hide the waits, without flooding the uplink or the service's 100 policies a second.
const concurrency = 4

/**
 * Inspects the Blobs and decides how they are sent. What fits into `inlineBudget` bytes goes inline, one content part at a
 * time: the frames of a list are all sent the same way.
 */
export async function planBlobs(
  blobs: readonly BlobSource[],
  inlineBudget: number,
  options: MediaOptions,
): Promise<BlobPlan> {
  const { media = 'auto', limited, signal } = options
  const limit = limitConcurrency(concurrency)
  const files = await Promise.all(
    blobs.map((blob) =>
      limit(async () => {
        signal.throwIfAborted()
        return { ...blob, format: await inspectMedia(blob, limited) }
      }),
    ),
  )
  const urls = new Map<string, string>()
  const encoded = new Map<Blob, string>()
  const uploads: InspectedFile[] = []
  let left = inlineBudget
  for (const part of Map.groupBy(files, ({ partPath }) => partPath).values()) {
    const length = part.reduce((sum, { blob, format }) => sum + dataUrlLength(format.type, blob.size), 0)
    if (media === 'upload' || (media === 'auto' && length > left)) {
      uploads.push(...part)
      continue
    }
    left -= length
    if (left < 0) throw tooLongInline(part[0]?.path ?? '', inlineLimit - left)
    for (const { blob, path, format } of part) {
      signal.throwIfAborted()
      const url = encoded.get(blob) ?? (await encodeBlob(blob, format.type, path))
      encoded.set(blob, url)
      urls.set(path, url)
    }
  }
  if (uploads.length === 0) return { urls }
  return { urls, upload: async () => new Map([...urls, ...(await uploadAll(uploads, options))]) }
}

async function encodeBlob(blob: Blob, type: string, path: string): Promise<string> {
  try {
    return await toDataUrl(blob, type)
  } catch (error) {
    throw unreadable(path, error)
  }
}

function tooLongInline(path: string, length: number): DualscopeError {
  const reason = `the request's inline media would be ${length} bytes long; the limit is ${inlineLimit}`
  return new DualscopeError('media', `${path}: ${reason}. Use media: 'auto' or 'upload'`)
}

/** Uploads a few at a time; the first failure stops the others. */
async function uploadAll(uploads: readonly InspectedFile[], options: MediaOptions): Promise<[string, string][]> {
  const { connection, onUploadProgress } = options
  const policies = createPolicySource(connection)
  const failed = new AbortController()
  const signal = AbortSignal.any([options.signal, failed.signal])
  const limit = limitConcurrency(concurrency)
  const work = uploads.map((file) =>
    limit(async (): Promise<[string, string]> => {
      signal.throwIfAborted()
      const { blob, path } = file
      const name = blob instanceof File ? blob.name : path
      const onLoaded = (loaded: number) => notify(onUploadProgress, () => ({ loaded, total: blob.size, name }))
      return [path, await uploadOnce(file, { connection, policies, onLoaded, signal })]
    }),
  )
  try {
    return await Promise.all(work)
  } catch (error) {
    failed.abort(error)
    await Promise.allSettled(work)
    throw error
  }
}
