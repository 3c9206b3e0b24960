import { fileTypeFromBlob } from 'file-type'
import { imageSize } from 'image-size'
import { Mime } from 'mime/lite'
import standardTypes from 'mime/types/standard.js'

import { DualscopeError } from '../errors.ts'
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

/** The format of bytes. */
export interface MediaFormat {
  /** The MIME type. */
  type: string
  /** The usual extension of a file name, without the dot. */
  extension: string
}

/** A file whose format is known. */
export interface InspectedFile extends MediaFile {
  format: MediaFormat
}

// The full table of `mime` is three times as large; these formats of the Kimi page are all that the small one lacks.
const mime = new Mime(standardTypes, {
  'video/x-flv': ['flv'],
  'video/x-matroska': ['mkv'],
  'video/x-ms-wmv': ['wmv'],
  'video/x-msvideo': ['avi'],
})

// Image headers lie at the start, unless an embedded profile or preview comes before.
const headerSize = 512 * 1024

/**
 * Detects the format of bytes: by the Blob's own type, else by the file's name, else by the first bytes. With `limited` it
 * checks them against the limits of the Kimi page. Throws `media` with the place.
 */
export async function inspectMedia({ blob, kind, path }: MediaFile, limited: boolean): Promise<MediaFormat> {
  const mediaError = (reason: string) => new DualscopeError('media', `${path}: ${reason}`)
  const failed = (cause: unknown) => {
    throw unreadable(path, cause)
  }
  if (blob.size === 0) throw mediaError('the file is empty')
  const format = statedFormat(blob) ?? (await sniff(blob).catch(failed))
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

function statedFormat(blob: Blob): MediaFormat | undefined {
  const name = blob instanceof File ? blob.name : ''
  const stated = blob.type.replace(/;.*$/, '').replace(/^image\/jpg$/, 'image/jpeg')
  const type = knownType(stated) ?? knownType(mime.getType(name))
  if (!type) return undefined
  const nameExtension = /\.([a-z0-9]+)$/i.exec(name)?.[1]?.toLowerCase()
  // The name's own spelling of the extension, if it matches the type: mov rather than qt.
  const extension =
    nameExtension !== undefined && mime.getType(nameExtension) === type ? nameExtension : mime.getExtension(type)
  return extension === null ? undefined : { type, extension }
}

function knownType(type: string | null): string | undefined {
  return type === null || type === '' || type === 'application/octet-stream' ? undefined : type
}

async function sniff(blob: Blob): Promise<MediaFormat | undefined> {
  const found = await fileTypeFromBlob(blob.slice(0, headerSize))
  return found && { type: found.mime, extension: found.ext }
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
