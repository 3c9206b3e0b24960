import { shareWork, type SharedWork } from '../async/shared-work.ts'
import { upload, type LoadedListener, type Upload } from './upload.ts'
import type { UploadTarget } from './upload-exchange.ts'
import type { PolicySource } from './upload-policy.ts'

interface Kept {
  target: UploadTarget
  work: SharedWork<string>
  listeners: Set<LoadedListener>
  /** In ms since 1970. */
  expires: number
}

// Model Studio, "Upload a file to obtain a temporary URL": 48 hours. The last one is kept free for the answer.
const lifetime = 47 * 60 * 60 * 1000

// Shared by all transports, so that a file which goes over both protocols is uploaded once.
const keptByBlob = new WeakMap<Blob, Kept[]>()

/** The `oss:` URL of a file: each Blob is uploaded once for a model, host and key while its URL lives. */
export async function uploadOnce(
  file: Upload,
  target: UploadTarget,
  policies: PolicySource,
  onLoaded: LoadedListener,
  signal: AbortSignal,
): Promise<string> {
  const { blob } = file
  const all = (keptByBlob.get(blob) ?? []).filter(({ expires }) => expires > Date.now())
  keptByBlob.set(blob, all)
  let kept = all.find((candidate) => isSameTarget(candidate.target, target))
  if (!kept) {
    kept = keep(file, target, policies)
    all.push(kept)
  }
  const { listeners, work } = kept
  listeners.add(onLoaded)
  try {
    return await work.join(signal)
  } finally {
    listeners.delete(onLoaded)
  }
}

function keep(file: Upload, target: UploadTarget, policies: PolicySource): Kept {
  const listeners = new Set<LoadedListener>()
  const forget = () => {
    const rest = keptByBlob.get(file.blob)?.filter((other) => other !== kept)
    if (rest) keptByBlob.set(file.blob, rest)
  }
  const start = async (signal: AbortSignal) => {
    try {
      const tellAll = (loaded: number) => listeners.forEach((listener) => listener(loaded))
      const url = await upload(file, target, policies, tellAll, signal)
      kept.expires = Date.now() + lifetime
      return url
    } catch (error) {
      forget()
      throw error
    }
  }
  const kept: Kept = { target, listeners, work: shareWork(start, forget), expires: Infinity }
  return kept
}

/** Another `fetch` may lead to another service under the same name. */
function isSameTarget(a: UploadTarget, b: UploadTarget): boolean {
  return a.base === b.base && a.model === b.model && a.key === b.key && a.fetch === b.fetch
}
