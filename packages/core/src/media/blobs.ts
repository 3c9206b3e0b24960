import limitConcurrency from 'p-limit'

import { dataUrlLength, toDataUrl } from './data-url.ts'
import { DualscopeError } from '../errors.ts'
import { inspectMedia, unreadable, type MediaFile } from './inspect.ts'
import { loadPart } from '../lazy.ts'
import { inlineLimit } from './limits.ts'
import { tell } from '../observe.ts'
import type { CallOptions } from '../chat/request.ts'
import type { TransportOptions } from '../transport.ts'
import type { Upload } from './upload.ts'
import type { UploadTarget } from './upload-exchange.ts'

/** How the Blobs of a call travel. */
export interface MediaOptions {
  media: TransportOptions['media']
  /** Whether they must keep to the limits of the Kimi page. */
  limited: boolean
  target: UploadTarget
  /** Aborts the call. */
  signal: AbortSignal
  onUploadProgress: CallOptions['onUploadProgress']
}

/** A Blob of a message. */
export interface PlacedBlob extends MediaFile {
  /** The content part that it belongs to. */
  partPath: string
}

/** What becomes of each Blob, by its path. */
export interface MediaPlan {
  /** The data URLs. */
  urls: ReadonlyMap<string, string>
  /** Uploads the others; resolves to the URLs of all. */
  upload?: () => Promise<ReadonlyMap<string, string>>
}

// Enough to hide the waits, without flooding the uplink, or the service's 100 policies a second.
const atOnce = 4

/**
 * Looks into the Blobs and decides how they travel. What fits into `room` bytes goes inline, a part of a message at a time:
 * the frames of a list all travel the same way.
 */
export async function planMedia(blobs: readonly PlacedBlob[], room: number, options: MediaOptions): Promise<MediaPlan> {
  const { media = 'auto', limited, signal } = options
  const limit = limitConcurrency(atOnce)
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
  const uploads: Upload[] = []
  let left = room
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
      const url = encoded.get(blob) ?? (await inlined(blob, format.type, path))
      encoded.set(blob, url)
      urls.set(path, url)
    }
  }
  if (uploads.length === 0) return { urls }
  return { urls, upload: async () => new Map([...urls, ...(await uploadAll(uploads, options))]) }
}

async function inlined(blob: Blob, type: string, path: string): Promise<string> {
  try {
    return await toDataUrl(blob, type)
  } catch (error) {
    throw unreadable(path, error)
  }
}

function tooLongInline(path: string, length: number): DualscopeError {
  const reason = `the request's inline media would be ${length} bytes long; they may be ${inlineLimit}`
  return new DualscopeError('media', `${path}: ${reason}. Use media: 'auto' or 'upload'`)
}

/** Uploads a few at a time; the first failure stops the rest. */
async function uploadAll(uploads: readonly Upload[], options: MediaOptions): Promise<[string, string][]> {
  const [{ uploadOnce }, { createPolicySource }] = await Promise.all([
    loadPart(import('./upload-cache.ts')),
    loadPart(import('./upload-policy.ts')),
  ])
  const { target, onUploadProgress } = options
  const policies = createPolicySource(target)
  const failed = new AbortController()
  const signal = AbortSignal.any([options.signal, failed.signal])
  const limit = limitConcurrency(atOnce)
  const work = uploads.map((file) =>
    limit(async (): Promise<[string, string]> => {
      signal.throwIfAborted()
      const { blob, path } = file
      const name = blob instanceof File ? blob.name : path
      const onLoaded = (loaded: number) => tell(onUploadProgress, () => ({ loaded, total: blob.size, name }))
      return [path, await uploadOnce(file, target, policies, onLoaded, signal)]
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
