import type { ContentPart, MediaSource, Message } from '../chat/message.ts'
import { DualscopeError } from '../errors.ts'
import { importOnDemand } from '../lazy.ts'
import { redactUrl, truncate } from '../redact.ts'
import type { AdaptedRequest, PreparedMessage, PreparedPart } from '../request/prepared.ts'
import type { BlobSource, MediaOptions } from './blobs.ts'
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
 * `media` with the place for what is not a URL that the service can read.
 */
export async function resolveMedia(request: AdaptedRequest, options: MediaOptions): Promise<ResolvedMedia> {
  const blobs: BlobSource[] = []
  let inlined = 0
  const prepared = withUrls(request, (source, location) => {
    if (source instanceof Blob) {
      blobs.push({ ...location, blob: source })
      return ''
    }
    const url = checkUrl(String(source), location.path)
    if (/^data:/i.test(url)) inlined += url.length
    if (inlined <= inlineLimit) return url
    const reason = `with it the request's data URLs are ${inlined} bytes long; the limit is ${inlineLimit}`
    throw new DualscopeError('media', `${location.path}: ${reason}. Pass larger media as a Blob or as another URL`)
  })
  if (blobs.length === 0) return { messages: prepared }

  // Imported with the first Blob: file-type, image-size and mime are heavier than the rest of the library.
  const { planBlobs } = await importOnDemand(import('./blobs.ts'))
  const { urls, upload } = await planBlobs(blobs, inlineLimit - inlined, options)
  return {
    messages: withUrls(request, findUrl(urls)),
    ...(upload && { upload: async () => withUrls(request, findUrl(await upload())) }),
  }
}

/** Returns the URL that was found for a Blob, or a placeholder; any other source is its own. */
function findUrl(found: ReadonlyMap<string, string>): UrlOf {
  return (source, { path }) => (source instanceof Blob ? (found.get(path) ?? 'oss://pending') : String(source))
}

function withUrls({ messages, insertedMessages = 0 }: AdaptedRequest, urlOf: UrlOf): readonly PreparedMessage[] {
  return messages.map((message, index) => messageWithUrls(message, `messages[${index - insertedMessages}]`, urlOf))
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

function checkUrl(source: string, path: string): string {
  if (/^(https?:\/\/|data:|oss:\/\/)/i.test(source) && URL.canParse(source)) return source
  const shown = truncate(redactUrl(source), 100)
  throw new DualscopeError(
    'media',
    `${path}: "${shown}" is not an https:, http:, data: or oss: URL, and no string is read from disk; ` +
      'for a local file use fromFile() of @dualscope/core/node',
  )
}
