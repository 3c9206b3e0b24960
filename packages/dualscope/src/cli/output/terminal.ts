import { once } from 'node:events'
import type { Writable } from 'node:stream'
import { styleText } from 'node:util'

/** A terminal, a pipe or a file. */
export type OutputStream = Writable & { isTTY?: boolean; columns?: number; hasColors?: () => boolean }

/**
 * Removes control characters and bidirectional overrides from text of a model or a service, so that it cannot act on a
 * terminal or reorder the text; tabs and line breaks stay. Each character is checked alone, because a stream may cut a sequence
 * anywhere.
 */
export function terminalText(text: string): string {
  // oxlint-disable-next-line no-control-regex -- this removes them
  return text.replaceAll(/[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u200E\u200F\u061C\u202A-\u202E\u2066-\u2069]/g, '')
}

/** Does the same as `terminalText`, and joins lines, for messages. */
export function terminalLine(text: string): string {
  return terminalText(text.replaceAll(/\s+/g, ' ')).trim()
}

/** Returns the text unchanged for a pipe or a file, and without control characters for a terminal. */
export function textFor(stream: OutputStream, text: string): string {
  return stream.isTTY ? terminalText(text) : text
}

type Format = 'bold' | 'cyan' | 'dim' | 'green' | 'red' | 'yellow'

/** Whether a stream shows colours: a terminal that has them, unless NO_COLOR is set. */
export function hasColours(stream: OutputStream): boolean {
  return stream.isTTY === true && stream.hasColors?.() === true
}

/** Styles text if the stream shows colours. */
export function style(stream: OutputStream, format: Format, text: string): string {
  return hasColours(stream) ? styleText(format, text, { validateStream: false }) : text
}

/** Writes text, and waits while the reader is behind. */
export async function write(stream: OutputStream, text: string): Promise<void> {
  if (!stream.write(text)) await once(stream, 'drain')
}

/**
 * Writes a value as JSON and a line break. JSON leaves some characters unescaped that act on a terminal (DEL, C1, the
 * bidirectional controls); they are escaped too.
 */
export function writeJson(stream: OutputStream, value: unknown, indent?: number): Promise<void> {
  const json = JSON.stringify(value, undefined, indent).replaceAll(
    /[\u007F-\u009F\u200E\u200F\u061C\u202A-\u202E\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
  return write(stream, `${json}\n`)
}
