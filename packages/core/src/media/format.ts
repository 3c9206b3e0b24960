import { filetypeinfo } from 'magic-bytes.js'
import { Mime } from 'mime/lite'
import standardTypes from 'mime/types/standard.js'

/** The format of bytes. */
export interface MediaFormat {
  /** The MIME type. */
  type: string
  /** The usual extension of a file name, without the dot. */
  extension: string
}

// The full table of `mime` is three times as large; these formats of the Kimi page are all that the small one lacks.
const mime = new Mime(standardTypes, {
  'video/x-flv': ['flv'],
  'video/x-matroska': ['mkv'],
  'video/x-ms-wmv': ['wmv'],
  'video/x-msvideo': ['avi'],
})

// Other names of the formats that the Kimi page permits.
const aliases: ReadonlyMap<string, string> = new Map([
  ['image/jpg', 'image/jpeg'],
  ['image/pjpeg', 'image/jpeg'],
  ['image/jfif', 'image/jpeg'],
  ['image/x-ms-bmp', 'image/bmp'],
  ['image/x-bmp', 'image/bmp'],
  ['image/heif', 'image/heic'],
  ['image/heic-sequence', 'image/heic'],
  ['image/heif-sequence', 'image/heic'],
  ['video/avi', 'video/x-msvideo'],
])

/** The first bytes by which a format is known. */
export const signatureSize = 4096

/** Detects the format of bytes: by the bytes themselves, else by the declared type, else by the name of the file. */
export function detectFormat(start: Uint8Array, declared: string, name: string): MediaFormat | undefined {
  const stated = knownType(declared.replace(/;.*$/, '').trim().toLowerCase())
  const type = chooseType(sniffType(start), stated) ?? knownType(typeOfName(name))
  if (!type) return undefined
  const nameExtension = /\.([a-z0-9]+)$/i.exec(name)?.[1]?.toLowerCase()
  // The name's own spelling of the extension, if it matches the type: mov rather than qt.
  const isOwn = nameExtension !== undefined && knownType(typeOfName(name)) === type
  const extension = isOwn ? nameExtension : mime.getExtension(type)
  return extension === null ? undefined : { type, extension }
}

function sniffType(start: Uint8Array): string | undefined {
  const found = filetypeinfo(start).find((format) => format.mime)
  return knownType(found?.mime)
}

/** The bytes decide. They do not tell WebM from Matroska, of which it is a kind. */
function chooseType(sniffed: string | undefined, stated: string | undefined): string | undefined {
  return sniffed === 'video/x-matroska' && stated === 'video/webm' ? stated : (sniffed ?? stated)
}

function typeOfName(name: string): string | null {
  return /\.jfif$/i.test(name) ? 'image/jpeg' : mime.getType(name)
}

function knownType(type: string | null | undefined): string | undefined {
  if (!type || type === 'application/octet-stream') return undefined
  return aliases.get(type) ?? type
}
