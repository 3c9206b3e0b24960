import { shareWork, type SharedWork } from '../async/shared-work.ts'
import type { Connection } from '../service/connection.ts'
import type { InspectedFile } from './inspect.ts'
import { upload, type UploadTask } from './upload.ts'

interface CachedUpload {
  connection: Connection
  work: SharedWork<string>
  listeners: Set<(loaded: number) => void>
  /** In ms since 1970. */
  expires: number
}

// Model Studio, "Upload a file to obtain a temporary URL": 48 hours. The last one is kept free for the answer.
const lifetime = 47 * 60 * 60 * 1000

// Shared by all transports, so that a file which is sent over both protocols is uploaded once.
const uploadsByBlob = new WeakMap<Blob, CachedUpload[]>()

/** Returns the `oss:` URL of a file: each Blob is uploaded once for a model, host and key while its URL lives. */
export async function uploadOnce(file: InspectedFile, task: UploadTask): Promise<string> {
  const { blob } = file
  const { connection, onLoaded, signal } = task
  const living = (uploadsByBlob.get(blob) ?? []).filter(({ expires }) => expires > Date.now())
  uploadsByBlob.set(blob, living)
  let cached = living.find((candidate) => isSameTarget(candidate.connection, connection))
  if (!cached) {
    cached = startUpload(file, task)
    living.push(cached)
  }
  const { listeners, work } = cached
  listeners.add(onLoaded)
  try {
    return await work.join(signal)
  } finally {
    listeners.delete(onLoaded)
  }
}

function startUpload(file: InspectedFile, { connection, policies }: UploadTask): CachedUpload {
  const listeners = new Set<(loaded: number) => void>()
  const forget = () => {
    const others = uploadsByBlob.get(file.blob)?.filter((other) => other !== cached)
    if (others) uploadsByBlob.set(file.blob, others)
  }
  const start = async (signal: AbortSignal) => {
    try {
      const onLoaded = (loaded: number) => listeners.forEach((listener) => listener(loaded))
      const url = await upload(file, { connection, policies, onLoaded, signal })
      cached.expires = Date.now() + lifetime
      return url
    } catch (error) {
      forget()
      throw error
    }
  }
  const cached: CachedUpload = { connection, listeners, work: shareWork(start, forget), expires: Infinity }
  return cached
}

/** Another `fetch` may lead to another service under the same name. */
function isSameTarget(a: Connection, b: Connection): boolean {
  return a.base === b.base && a.model === b.model && a.key === b.key && a.fetch === b.fetch
}
