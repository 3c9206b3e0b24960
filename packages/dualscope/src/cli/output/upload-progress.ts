import { basename } from 'node:path'

import type { CallOptions } from '@dualscope/core'

import { terminalText, type OutputStream } from './terminal.ts'

const width = 24
/** The end of a name, short enough for a line also where a character takes two columns. */
function ending(name: string) {
  return Array.from(name).slice(-16).join('')
}
function megabytes(bytes: number) {
  return (bytes / 1_000_000).toFixed(1)
}

/** A bar that shows how far the uploads of a call are, on a terminal; elsewhere nothing. */
export interface UploadProgress {
  onUploadProgress?: NonNullable<CallOptions['onUploadProgress']>
  /** Takes the bar away. */
  clear: () => void
}

/** Draws on the stream's last line, again with each step. */
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
      // What is waited for from here on is the answer.
      if (sum.loaded === sum.total) clear()
    },
    clear,
  }
}
