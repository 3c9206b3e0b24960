import type { Recording } from './recording.ts'
import { canonicalJson } from './shape.ts'

async function shortDigest(text: string): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)))
  return Array.from(digest.subarray(0, 4), (byte) => byte.toString(16).padStart(2, '0')).join('')
}

function slug(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[^a-z0-9.]+/g, '-')
    .replaceAll(/^-|-$/g, '')
}

/**
 * Names a recording after its request, so that the same requests give the same names in any order: what was asked, the model,
 * and a digest of the whole request.
 */
export async function nameRecording({ request }: Recording): Promise<string> {
  const { method, path, headers, body } = request
  const model = typeof body === 'object' && body !== null && 'model' in body ? String(body.model) : ''
  const last = path.replace(/\?.*/, '').split('/').slice(-2).join('-')
  const digest = await shortDigest(canonicalJson([method, path, headers, body]))
  return [slug(last), slug(model), digest].filter(Boolean).join('_')
}
