import { styleText } from 'node:util'

import type { OutputStream } from './terminal.ts'

type Format = 'bold' | 'cyan' | 'dim' | 'green' | 'red' | 'yellow'

/** Whether a stream shows colours: a terminal that has them, and nobody set NO_COLOR. */
function hasColours(stream: OutputStream): boolean {
  return stream.isTTY === true && stream.hasColors?.() === true
}

/** The text as the stream can show it. */
export function style(stream: OutputStream, format: Format, text: string): string {
  return hasColours(stream) ? styleText(format, text, { validateStream: false }) : text
}
