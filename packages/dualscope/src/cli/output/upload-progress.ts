import { basename } from 'node:path'

import type { CallOptions } from '@dualscope/core'

import { type OutputStream, terminalText } from './terminal.ts'

const width = 24
/** Returns the end of a name, short enough for a line of wide characters. */
function ending(name: string) {
  return Array.from(name).slice(-16).join('')
}
function megabytes(bytes: number) {
  return (bytes / 1_000_000).toFixed(1)
}

/** A progress bar for the uploads of a call, on a terminal only. */
export interface UploadProgress {
  onUploadProgress?: NonNullable<CallOptions['onUploadProgress']>
  /** Removes the bar. */
  clear: () => void
}

/** Creates a bar on the last line of a terminal; does nothing elsewhere. */
export function createUploadProgress(stream: OutputStream): UploadProgress {
  if (!stream.isTTY || process.env['TERM'] === 'dumb') return { clear: () => undefined }
  const files = new Map<string, { loaded: number; total: number }>()
  let shown = false

  const clear = () => {
    if (shown) stream.write('\r\x1B[K')
    shown = false
  }

  return {
    onUploadProgress({ name, loaded, total }) {
      files.set(name, { loaded, total })
      const sum = { loaded: 0, total: 0 }
      for (const file of files.values()) {
        sum.loaded += file.loaded
        sum.total += file.total
      }
      const part = sum.total === 0 ? 1 : sum.loaded / sum.total
      const filled = Math.round(part * width)
      const what = files.size === 1 ? ending(terminalText(basename(name))) : `${files.size} files`
      const bar = '█'.repeat(filled) + '░'.repeat(width - filled)
      stream.write(`\r\x1B[Kuploading ${what} ${bar} ${Math.round(part * 100)}% of ${megabytes(sum.total)} MB`)
      shown = true
      // Only the answer is missing now.
      if (sum.loaded === sum.total) clear()
    },
    clear,
  }
}
