import type { Writable } from 'node:stream'

/** What is written to: a terminal, or a pipe or file. */
export type OutputStream = Writable & { isTTY?: boolean; columns?: number; hasColors?: () => boolean }

/**
 * Text of a model or a service as a terminal may get it: without control characters, so that no escape sequence acts there
 * and no carriage return overwrites what was shown; tabs and line breaks stay. Each character is judged alone, since a
 * sequence may be cut anywhere by a stream; what follows an escape character is left readable, and shows that it was there.
 */
export function terminalText(text: string): string {
  // oxlint-disable-next-line no-control-regex -- they are what is looked for
  return text.replaceAll(/[\u0000-\u0008\u000B-\u001F\u007F-\u009F]/g, '')
}

/** The same on one line, for what is said about something. */
export function terminalLine(text: string): string {
  return terminalText(text.replaceAll(/\s+/g, ' ')).trim()
}

/** The text for a stream: as it is into a pipe or a file, harmless on a terminal. */
export function textFor(stream: OutputStream, text: string): string {
  return stream.isTTY ? terminalText(text) : text
}
