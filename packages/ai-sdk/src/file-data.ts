import { InvalidArgumentError, UnsupportedFunctionalityError, type LanguageModelV4FilePart } from '@ai-sdk/provider'
import type { MediaSource } from '@dualscope/core'

import { toBlob } from './bytes-blob.ts'

/** A file as the AI SDK passes it on: in a message, or in the result of a tool. */
export type SdkFile = Pick<LanguageModelV4FilePart, 'data' | 'mediaType'>

/** Returns where an image or a video comes from: its URL, or its bytes as a Blob. */
export async function toMediaSource({ data, mediaType }: SdkFile, path: string): Promise<MediaSource> {
  switch (data.type) {
    case 'url':
      return data.originalUrl ?? data.url
    case 'data':
      return toBlob(toBytes(data.data, path), mediaType.includes('/') && !mediaType.endsWith('/*') ? mediaType : '')
    case 'reference': {
      const url = data.reference['dualscope']
      if (url !== undefined) return url
      throw new InvalidArgumentError({ argument: path, message: `${path}: the reference has no URL under "dualscope"` })
    }
    case 'text':
      throw new UnsupportedFunctionalityError({ functionality: `${mediaType} as text` })
  }
}

/** Returns the text of a text file. */
export function toFileText({ data, mediaType }: SdkFile, path: string): string {
  if (data.type === 'text') return data.text
  if (data.type === 'data') return new TextDecoder().decode(toBytes(data.data, path))
  throw new UnsupportedFunctionalityError({ functionality: `${mediaType} by ${data.type}` })
}

/** A string is Base64, never a path. */
function toBytes(data: Uint8Array | string, path: string): Uint8Array {
  if (typeof data !== 'string') return data
  try {
    return Uint8Array.from(atob(data.replaceAll('-', '+').replaceAll('_', '/')), (letter) => letter.charCodeAt(0))
  } catch (cause) {
    const message = `${path}: the data is not Base64; pass bytes, Base64 or a URL`
    throw new InvalidArgumentError({ argument: path, message, cause })
  }
}
