import { bytesOf } from '../faults/bytes.ts'

/** A field of a multipart form; `bytes` only of a file. */
export interface FormField {
  name: string
  value: string
  filename?: string
  type?: string
  size?: number
}

function indexOf(bytes: Uint8Array, wanted: Uint8Array, from: number): number {
  const first = wanted[0] ?? 0
  for (let at = bytes.indexOf(first, from); at !== -1; at = bytes.indexOf(first, at + 1)) {
    if (wanted.every((byte, offset) => bytes[at + offset] === byte)) return at
  }
  return -1
}

/**
 * Reads a `multipart/form-data` body in the order of its fields, which `Request.formData` keeps too, but without
 * copying files into memory twice and with bodies that are streams in every runtime.
 */
export function readForm(contentType: string, bytes: Uint8Array): FormField[] {
  const boundary = /boundary="?([^";]+)"?/i.exec(contentType)?.[1]
  if (boundary === undefined) return []
  const mark = bytesOf(`--${boundary}`)
  const blank = bytesOf('\r\n\r\n')
  const fields: FormField[] = []
  let at = indexOf(bytes, mark, 0)
  while (at !== -1) {
    const next = indexOf(bytes, mark, at + mark.length)
    const head = indexOf(bytes, blank, at)
    if (next === -1 || head === -1) break
    const lines = new TextDecoder().decode(bytes.subarray(at + mark.length, head))
    const content = bytes.subarray(head + blank.length, next - 2)
    const filename = /filename="([^"]*)"/i.exec(lines)?.[1]
    fields.push({
      name: /\bname="([^"]*)"/i.exec(lines)?.[1] ?? '',
      value: filename === undefined ? new TextDecoder().decode(content) : '',
      ...(filename === undefined
        ? {}
        : { filename, size: content.length, type: /content-type: *([^\r\n]+)/i.exec(lines)?.[1] ?? '' }),
    })
    at = next
  }
  return fields
}
