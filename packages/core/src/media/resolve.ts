import type { ContentPart, MediaSource, Message } from '../chat/message.ts'
import { DualscopeError } from '../errors.ts'
import { importOnDemand } from '../lazy.ts'
import type { AdaptedRequest, PreparedMessage, PreparedPart } from '../request/prepared.ts'
import { copyBytes } from '../request/schema.ts'
import type { BlobSource, MediaOptions } from './blobs.ts'
import { readDataUrl } from './data-url.ts'
import { inlineLimit } from './limits.ts'

/** Messages whose images and videos are URLs. */
export interface ResolvedMedia {
  /** Every image and video has its URL; one that must be uploaded, a placeholder. */
  messages: readonly PreparedMessage[]
  /** Uploads what must be uploaded and returns the messages with all URLs; absent if nothing must be. */
  upload?: () => Promise<readonly PreparedMessage[]>
}

type SourceLocation = Omit<BlobSource, 'blob'>
type UrlOf = (source: MediaSource, location: SourceLocation) => string

/**
 * Gives every image and video a URL and leaves the caller's messages as they are. No string is ever read from disk. Throws
 * `media` with the place for what is neither bytes nor a URL that the service can read.
 */
export async function resolveMedia(request: AdaptedRequest, options: MediaOptions): Promise<ResolvedMedia> {
  const blobs: BlobSource[] = []
  const known = new Map<string, string>()
  withUrls(request, (source, location) => {
    const read = readSource(source, location.path)
    if (read instanceof Blob) blobs.push({ ...location, blob: read })
    else known.set(location.path, normalizeUrl(read, location.path))
    return ''
  })
  if (blobs.length === 0) return { messages: withUrls(request, findUrl(known)) }

  // Imported with the first bytes: what detects formats and sizes is heavier than the rest of the library.
  const { planBlobs } = await importOnDemand(import('./blobs.ts'))
  const { urls, upload } = await planBlobs(blobs, inlineLimit, options)
  return {
    messages: withUrls(request, findUrl(known, urls)),
    ...(upload && { upload: async () => withUrls(request, findUrl(known, await upload())) }),
  }
}

/** Returns the bytes of a source, or its URL. */
function readSource(source: MediaSource, path: string): Blob | string {
  if (source instanceof Blob) return source
  if (source instanceof ArrayBuffer || source instanceof Uint8Array) return copyBytes(source)
  const text = typeof source === 'string' ? source.trim() : source.href
  if (!/^data:/i.test(text)) return text
  const blob = readDataUrl(text)
  if (typeof blob === 'string') throw new DualscopeError('media', `${path}: ${blob}`)
  return blob
}

/** Looks up the URL of a source, or a placeholder for bytes that are still to be uploaded. */
function findUrl(...found: readonly ReadonlyMap<string, string>[]): UrlOf {
  return (_source, { path }) => found.map((urls) => urls.get(path)).find((url) => url !== undefined) ?? 'oss://pending'
}

function withUrls({ messages, places }: AdaptedRequest, urlOf: UrlOf): readonly PreparedMessage[] {
  return messages.map((message, index) => messageWithUrls(message, places[index] ?? '', urlOf))
}

function messageWithUrls(message: Message, path: string, urlOf: UrlOf): PreparedMessage {
  if (message.role !== 'user') return message
  const { content } = message
  if (typeof content === 'string') return { role: 'user', content }
  return { role: 'user', content: content.map((part, index) => partWithUrls(part, `${path}.content[${index}]`, urlOf)) }
}

function partWithUrls(part: ContentPart, partPath: string, urlOf: UrlOf): PreparedPart {
  switch (part.type) {
    case 'text':
      return part
    case 'image':
      return { ...part, image: urlOf(part.image, { kind: 'image', partPath, path: `${partPath}.image` }) }
    case 'video':
      return { ...part, video: urlOf(part.video, { kind: 'video', partPath, path: `${partPath}.video` }) }
    case 'frames': {
      const frames = part.frames.map((frame, index) =>
        urlOf(frame, { kind: 'image', partPath, path: `${partPath}.frames[${index}]` }),
      )
      return { ...part, frames }
    }
  }
}

function normalizeUrl(source: string, path: string): string {
  const text = source.trim()
  if (/^(https?|oss):\/\//i.test(text) && URL.canParse(text)) return new URL(text).href
  throw new DualscopeError(
    'media',
    `${path}: ${describeText(text)}; it must be an https:, http:, data: or oss: URL. No string is read from disk: ` +
      'for a local file use fromFile() of dualscope/node, or of @dualscope/core/node',
  )
}

/** Says what a text looks like, without showing it: it may be the bytes of an image. */
function describeText(text: string): string {
  if (text === '') return 'the text is empty'
  if (/^[A-Za-z0-9+/_-]{40,}={0,2}$/.test(text))
    return 'the text looks like Base64; write data:image/png;base64,… or pass the bytes'
  if (/^(\.{0,2}\/(?!\/)|~\/|[a-z]:\\)/i.test(text)) return 'the text looks like a path'
  if (text.startsWith('//')) return 'the URL has no scheme; write https:// before it'
  const scheme = /^([a-z][a-z0-9+.-]+):/i.exec(text)?.[1]
  return scheme === undefined ? 'the text is not a URL' : `the URL begins with ${scheme.toLowerCase()}:`
}
