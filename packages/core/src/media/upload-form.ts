import type { DualscopeError } from '../errors.ts'
import { unreadable, type InspectedFile } from './inspect.ts'
import type { UploadPolicy } from './upload-policy.ts'

/** The form of one upload, as the body of a request. */
export interface UploadForm {
  /** Of a known size, so that every runtime sends a Content-Length; the file's bytes are read when they are sent. */
  body: Blob
  /** The error of reading the file's bytes. */
  failure?: DualscopeError
}

// Small, because the garbage collector counts pieces rather than their bytes. With the 64 KiB of Blob.stream() memory was
// measured to grow with the file (bench/upload-memory.ts).
const pieceSize = 16 * 1024

/**
 * Writes a form without FormData: if such a request is aborted, or its file cannot be read, Node's `fetch` (undici 7) leaves
 * a rejection that no code can handle. `onLoaded` receives the bytes that the runtime has taken; a browser, which reads
 * the Blob by itself, never calls it.
 */
export function createUploadForm(
  { blob, format, path }: InspectedFile,
  policy: UploadPolicy,
  name: string,
  onLoaded: (loaded: number) => void,
): UploadForm {
  const boundary = `dualscope-${crypto.randomUUID()}`
  const fields = formFields(policy, `${policy.upload_dir}/${name}`, format.type)
  const written = fields.map(([field, value]) => `${head(boundary, field)}\r\n\r\n${value}\r\n`)
  const file = `${head(boundary, 'file')}; filename="${name}"\r\ncontent-type: ${format.type}\r\n\r\n`
  const start = new Blob([...written, file])
  const body = new Blob([start, blob, `\r\n--${boundary}--\r\n`], { type: `multipart/form-data; boundary=${boundary}` })

  const form: UploadForm = { body }
  const stream = () => {
    let sent = 0
    const pull = async (controller: ReadableStreamDefaultController<Uint8Array>) => {
      const piece = await body
        .slice(sent, sent + pieceSize)
        .arrayBuffer()
        .catch((cause: unknown) => {
          form.failure = unreadable(path, cause)
          throw form.failure
        })
      sent += piece.byteLength
      onLoaded(Math.max(0, Math.min(sent - start.size, blob.size)))
      controller.enqueue(new Uint8Array(piece))
      if (sent === body.size) controller.close()
    }
    return new ReadableStream({ pull }, { highWaterMark: 0 })
  }
  Object.defineProperty(body, 'stream', { value: stream })
  return form
}

/** Lists the fields in the order of the official SDKs; the storage insists that the file comes last. */
function formFields(policy: UploadPolicy, key: string, type: string): [string, string][] {
  return [
    ['OSSAccessKeyId', policy.oss_access_key_id],
    ['Signature', policy.signature],
    ['policy', policy.policy],
    ['key', key],
    ['x-oss-object-acl', policy.x_oss_object_acl],
    ['x-oss-forbid-overwrite', policy.x_oss_forbid_overwrite],
    ['success_action_status', '200'],
    ['x-oss-content-type', type],
  ]
}

function head(boundary: string, field: string): string {
  return `--${boundary}\r\ncontent-disposition: form-data; name="${field}"`
}
