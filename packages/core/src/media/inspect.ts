import { imageSize } from 'image-size'

import { DualscopeError } from '../errors.ts'
import { detectFormat, signatureSize, type MediaFormat } from './format.ts'
import {
  fileSizeLimits,
  imageFormats,
  largeImageFormats,
  largeImagePixels,
  shortestSide,
  widestRatio,
} from './limits.ts'

/** The bytes of an image or a video in a message. */
export interface MediaFile {
  blob: Blob
  kind: 'image' | 'video'
  /** Their place in the request: `messages[0].content[1].image`. */
  path: string
}

/** A file whose format is known. */
export interface InspectedFile extends MediaFile {
  format: MediaFormat
}

// Image headers lie at the start, unless an embedded profile or preview comes before.
const headerSize = 512 * 1024

/**
 * Detects the format of a file. With `limited` it checks the file against the limits of the Kimi page. Throws `media` with the
 * place.
 */
export async function inspectMedia({ blob, kind, path }: MediaFile, limited: boolean): Promise<MediaFormat> {
  const mediaError = (reason: string) => new DualscopeError('media', `${path}: ${reason}`)
  const failed = (cause: unknown) => {
    throw unreadable(path, cause)
  }
  if (blob.size === 0) throw mediaError('the file is empty')
  const start = new Uint8Array(await blob.slice(0, signatureSize).arrayBuffer().catch(failed))
  const format = detectFormat(start, blob.type, blob instanceof File ? blob.name : '')
  if (!format) throw mediaError('the kind of file is unknown; pass a name with an extension, or a type')
  if (!limited) return format

  const { type } = format
  if (kind === 'image' && !imageFormats.includes(type)) {
    throw mediaError(`must be one of ${imageFormats.join(', ')}, got ${type}`)
  }
  if (kind === 'video' && !isVideo(type)) throw mediaError(`must be a video, got ${type}`)
  const limit = fileSizeLimits[kind]
  if (blob.size > limit) {
    const longer = kind === 'video' ? '; a longer video can be passed as a URL' : ''
    throw mediaError(`must be at most ${limit} bytes, got ${blob.size}${longer}`)
  }
  if (kind === 'image') {
    const problem = sizeProblem(await measure(blob).catch(failed), type)
    if (problem) throw mediaError(problem)
  }
  return format
}

/** Creates the error of bytes that could be read when the Blob was made. */
export function unreadable(path: string, cause: unknown): DualscopeError {
  return new DualscopeError('media', `${path}: cannot read the file; was it changed or removed?`, { cause })
}

/** The page's list of video formats is open ("MP4, AVI, MKV, MOV, FLV, WMV, etc."); WMV comes in a container of its own. */
function isVideo(type: string): boolean {
  return type.startsWith('video/') || type === 'application/vnd.ms-asf'
}

// The names that the library gives to the formats of the page. It is too eager about others: zeros are a TGA to it.
const documented = /^(bmp|jpg|png|tiff|webp|hei|hev|mif1|msf1)/

interface Size {
  width: number
  height: number
}

/** Reads the size from the header. What the library cannot read is left to the service. */
async function measure(blob: Blob): Promise<Size | undefined> {
  for (const end of blob.size > headerSize ? [headerSize, blob.size] : [blob.size]) {
    const bytes = new Uint8Array(await blob.slice(0, end).arrayBuffer())
    try {
      const size = imageSize(bytes)
      return documented.test(size.type ?? '') ? size : undefined
    } catch {
      // The header may go on beyond these bytes.
    }
  }
  return undefined
}

function sizeProblem(size: Size | undefined, type: string): string | undefined {
  if (!size) return undefined
  const { width, height } = size
  const got = `got ${width} x ${height}`
  if (Math.min(width, height) <= shortestSide) return `each side must be over ${shortestSide} px, ${got}`
  if (Math.max(width, height) > widestRatio * Math.min(width, height)) {
    return `the long side may be at most ${widestRatio} times the short one, ${got}`
  }
  if (width * height > largeImagePixels && !largeImageFormats.includes(type)) {
    return `above 4K (3840 x 2160) it must be one of ${largeImageFormats.join(', ')}, got ${type} of ${width} x ${height}`
  }
  return undefined
}
