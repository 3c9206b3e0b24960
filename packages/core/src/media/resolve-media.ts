import { loadPart } from '../lazy.ts'
import type { Message } from '../chat/message.ts'
import type { MediaOptions } from './blobs.ts'
import type { FittedRequest } from '../request/prepare.ts'
import type { PreparedMessage } from '../request/prepared.ts'

/** Messages on their way to having URLs alone. */
export interface ResolvedMedia {
  /** Every image and video has its URL; one that is still to be uploaded, a stand-in. */
  messages: readonly PreparedMessage[]
  /** Uploads the rest and puts the true URLs in; absent where there is none. */
  upload?: () => Promise<readonly PreparedMessage[]>
}

/** The messages of a request that has no image and no video. */
export function withoutMedia({ messages }: FittedRequest): ResolvedMedia | undefined {
  return messages.every(isText) ? { messages } : undefined
}

/** Gives every image and video of the messages a URL. All that takes is loaded with the first request that has one. */
export async function resolveMedia(request: FittedRequest, options: MediaOptions): Promise<ResolvedMedia> {
  const { findMediaUrls } = await loadPart(import('./resolve.ts'))
  return findMediaUrls(request, options)
}

function isText(message: Message): message is Message & PreparedMessage {
  return typeof message.content === 'string' || message.content.every(({ type }) => type === 'text')
}
