import { once } from 'node:events'

import type { OutputStream } from './terminal.ts'

/** Writes, and waits while a slow reader is behind. */
export async function write(stream: OutputStream, text: string): Promise<void> {
  if (!stream.write(text)) await once(stream, 'drain')
}

/** Writes data as JSON on a line. What JSON leaves unescaped but a terminal obeys (DEL, C1) is escaped too. */
export function writeJson(stream: OutputStream, value: unknown): Promise<void> {
  const json = JSON.stringify(value).replaceAll(
    /[\u007F-\u009F]/g,
    (character) => `\\u00${character.charCodeAt(0).toString(16)}`,
  )
  return write(stream, `${json}\n`)
}
