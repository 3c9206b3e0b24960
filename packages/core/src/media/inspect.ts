import mime from 'mime'

import { DualscopeError } from '../errors.ts'
import { loadPart } from '../lazy.ts'
import {
  fileSizeLimits,
  imageFormats,
  largeImageFormats,
  largeImagePixels,
  shortestSide,
  widestRatio,
} from './limits.ts'

/** Bytes that stand in a message. */
export interface MediaFile {
  blob: Blob
  kind: 'image' | 'video'
  /** Where they stand: `messages[0].content[1].image`. */
  path: string
}

/** What is known of the bytes. */
export interface MediaFormat {
  /** The MIME type. */
  type: string
  /** The usual ending of a file name, without the dot. */
  extension: string
}

// Image headers lie at the start, unless an embedded profile or preview comes before.
const headerSize = 512 * 1024

/**
 * Finds out what bytes are: by the Blob's own type, else by the file's name, else by the first bytes. With `limited` it
 * checks them against the limits of the Kimi page. What does not fit is a `media` error.
 */
export async function inspectMedia({ blob, kind, path }: MediaFile, limited: boolean): Promise<MediaFormat> {
  const refuse = (reason: string) => new DualscopeError('media', `${path}: ${reason}`)
  const failed = (cause: unknown) => {
    throw unreadable(path, cause)
  }
  if (blob.size === 0) throw refuse('the file is empty')
  const format = statedFormat(blob) ?? (await sniff(blob).catch(failed))
  if (!format) throw refuse('cannot tell what kind of file it is; give it a name with an ending, or a type')
  if (!limited) return format

  const { type } = format
  if (kind === 'image' && !imageFormats.includes(type)) {
    throw refuse(`must be one of ${imageFormats.join(', ')}, got ${type}`)
  }
  if (kind === 'video' && !isVideo(type)) throw refuse(`must be a video, got ${type}`)
  const limit = fileSizeLimits[kind]
  if (blob.size > limit) {
    const longer = kind === 'video' ? '; a longer video can be given as a URL' : ''
    throw refuse(`must be at most ${limit} bytes, got ${blob.size}${longer}`)
  }
  if (kind === 'image') {
    const problem = sizeProblem(await measure(blob).catch(failed), type)
    if (problem) throw refuse(problem)
  }
  return format
}

/** The error of bytes that were there when the Blob was made. */
export function unreadable(path: string, cause: unknown): DualscopeError {
  return new DualscopeError('media', `${path}: cannot read the file; was it changed or removed?`, { cause })
}

function statedFormat(blob: Blob): MediaFormat | undefined {
  const name = blob instanceof File ? blob.name : ''
  const stated = blob.type.replace(/;.*$/, '').replace(/^image\/jpg$/, 'image/jpeg')
  const type = says(stated) ?? says(mime.getType(name))
  if (!type) return undefined
  const ending = /\.([a-z0-9]+)$/i.exec(name)?.[1]?.toLowerCase()
  // The name's own spelling of the ending, where it fits the type: mov rather than qt.
  const extension = ending !== undefined && mime.getType(ending) === type ? ending : mime.getExtension(type)
  return extension === null ? undefined : { type, extension }
}

function says(type: string | null): string | undefined {
  return type === null || type === '' || type === 'application/octet-stream' ? undefined : type
}

async function sniff(blob: Blob): Promise<MediaFormat | undefined> {
  const { fileTypeFromBlob } = await loadPart(import('file-type'))
  const found = await fileTypeFromBlob(blob.slice(0, headerSize))
  return found && { type: found.mime, extension: found.ext }
}

/** The page's list of video formats is open ("MP4, AVI, MKV, MOV, FLV, WMV, etc."); WMV comes in a container of its own. */
function isVideo(type: string): boolean {
  return type.startsWith('video/') || type === 'application/vnd.ms-asf'
}

// As the library names the formats of the page. It knows others by next to nothing: zeros are a TGA to it.
const documented = /^(bmp|jpg|png|tiff|webp|hei|hev|mif1|msf1)/

interface Size {
  width: number
  height: number
}

/** The size that the header tells; what the library cannot read is left to the service to judge. */
async function measure(blob: Blob): Promise<Size | undefined> {
  const { imageSize } = await loadPart(import('image-size'))
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
