/** A field of a multipart form. The bytes of a file are not kept. */
export interface FormField {
  name: string
  /** Empty for a file. */
  value: string
  filename?: string
  type?: string
  size?: number
}

/** Reads the fields of a `multipart/form-data` body in their order. A body that is not such a form has none. */
export async function readForm(contentType: string, bytes: Uint8Array<ArrayBuffer>): Promise<FormField[]> {
  const response = new Response(bytes, { headers: { 'content-type': contentType } })
  const form = await response.formData().catch(() => new FormData())
  return [...form].map(([name, value]) =>
    typeof value === 'string'
      ? { name, value }
      : { name, value: '', filename: value.name, size: value.size, type: value.type },
  )
}
