import { fieldsOf, textOf } from '../fields.ts'
import type { Recording } from './recording.ts'
import { canonicalJson } from './shape.ts'

async function shortDigest(text: string): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)))
  return Array.from(digest.subarray(0, 4), (byte) => byte.toString(16).padStart(2, '0')).join('')
}

// Names of files have at most 255 bytes.
const longestPart = 60

function slug(text: string): string {
  return text
    .slice(0, longestPart)
    .toLowerCase()
    .replaceAll(/[^a-z0-9.]+/g, '-')
    .replaceAll(/^-|-$/g, '')
}

/**
 * Names a recording by its path, its model and a digest of its request, so that the same requests have the same names in any
 * order.
 */
export async function nameRecording({ request }: Recording): Promise<string> {
  const { method, path, headers, body } = request
  const model = textOf(fieldsOf(body)['model']) ?? ''
  const last = path.replace(/\?.*/, '').split('/').slice(-2).join('-')
  const digest = await shortDigest(canonicalJson([method, path, headers, body]))
  return [slug(last), slug(model), digest].filter(Boolean).join('_')
}
