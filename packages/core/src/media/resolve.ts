import { DualscopeError } from '../errors.ts'
import { loadPart } from '../lazy.ts'
import type { ContentPart, MediaSource } from '../chat/message.ts'
import { inlineLimit } from './limits.ts'
import type { MediaOptions, PlacedBlob } from './blobs.ts'
import type { FittedRequest } from '../request/prepare.ts'
import type { PreparedMessage, PreparedPart } from '../request/prepared.ts'
import { redactUrl } from '../redact.ts'
import type { ResolvedMedia } from './resolve-media.ts'
import { shortened } from '../shortened.ts'

/**
 * Gives every image and video a URL, leaving the caller's messages as they are. No string is ever read from disk: what is
 * no URL that the service can read is refused.
 */
export async function findMediaUrls(request: FittedRequest, options: MediaOptions): Promise<ResolvedMedia> {
  const blobs: PlacedBlob[] = []
  let inlined = 0
  const prepared = withUrls(request, (source, place) => {
    if (source instanceof Blob) {
      blobs.push({ ...place, blob: source })
      return ''
    }
    const url = checkedUrl(String(source), place.path)
    if (/^data:/i.test(url)) inlined += url.length
    if (inlined <= inlineLimit) return url
    const reason = `with it the request's data URLs are ${inlined} bytes long; they may be ${inlineLimit}`
    throw new DualscopeError('media', `${place.path}: ${reason}. Give larger media as a Blob or as another URL`)
  })
  if (blobs.length === 0) return { messages: prepared }

  // Loaded when first needed: a chat without files does not pay for the libraries that look into them.
  const { planMedia } = await loadPart(import('./blobs.ts'))
  const { urls, upload } = await planMedia(blobs, inlineLimit - inlined, options)
  return {
    messages: withUrls(request, urlIn(urls)),
    ...(upload && { upload: async () => withUrls(request, urlIn(await upload())) }),
  }
}

/** The URL that was found for a Blob, or a stand-in; any other source is its own. */
function urlIn(found: ReadonlyMap<string, string>) {
  return (source: MediaSource, { path }: Place) =>
    source instanceof Blob ? (found.get(path) ?? 'oss://pending') : String(source)
}

/** Where a source stands. */
interface Place extends Omit<PlacedBlob, 'blob'> {}

function withUrls(
  { messages, ahead = 0 }: FittedRequest,
  urlOf: (source: MediaSource, place: Place) => string,
): readonly PreparedMessage[] {
  return messages.map((message, index): PreparedMessage => {
    if (message.role !== 'user') return message
    const { content } = message
    if (typeof content === 'string') return { role: 'user', content }
    const parts = content.map((part, partIndex) =>
      partWithUrls(part, `messages[${index - ahead}].content[${partIndex}]`, urlOf),
    )
    return { role: 'user', content: parts }
  })
}

function partWithUrls(
  part: ContentPart,
  partPath: string,
  urlOf: (source: MediaSource, place: Place) => string,
): PreparedPart {
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

function checkedUrl(source: string, path: string): string {
  if (/^(https?:\/\/|data:|oss:\/\/)/i.test(source) && URL.canParse(source)) return source
  throw new DualscopeError(
    'media',
    `${path}: "${shortened(redactUrl(source), 100)}" is no https:, http:, data: or oss: URL, and no string is read from disk; ` +
      'for a local file use fromFile() of @dualscope/core/node',
  )
}
