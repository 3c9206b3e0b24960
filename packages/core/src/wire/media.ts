import { DualscopeError } from '../errors.ts'
import type { MediaSource } from '../message.ts'

/** The URL under which the service finds an image or a video; bytes have become one before a codec sees them. */
export function mediaUrl(source: MediaSource): string {
  if (source instanceof Blob) throw new DualscopeError('media', 'A Blob reached the codec without a URL')
  return String(source)
}
