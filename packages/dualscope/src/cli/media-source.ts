import type { MediaSource } from '@dualscope/core'
import { fromFile } from '@dualscope/core/node'

const paths = new WeakMap<object, string>()

/** Returns a URL that the service reads itself, else a local file. A drive letter (`C:`) is not a scheme. */
export async function openSource(value: string): Promise<MediaSource> {
  if (/^(https?|data|oss):/i.test(value)) return value
  const file = await fromFile(value)
  paths.set(file, value)
  return file
}

/** Returns the path that a source was opened from, or its URL. */
export function sourceName(source: MediaSource): string | undefined {
  if (typeof source === 'string') return source
  return source instanceof URL ? source.href : paths.get(source)
}
