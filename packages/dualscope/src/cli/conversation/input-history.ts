import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

import { z } from 'zod'

import { dataFolder, writePrivate } from './conversation-file.ts'

const lines = z.array(z.string())

function historyFile(): string {
  return join(dataFolder(), 'input-history.json')
}

/** Loads the input lines of earlier conversations, the newest first; none if the file cannot be read. */
export async function loadHistory(): Promise<string[]> {
  try {
    return lines.parse(JSON.parse(await readFile(historyFile(), 'utf8')))
  } catch {
    // A conversation works without a history, and the first one has no file.
    return []
  }
}

/** Saves the input lines, the newest first. */
export async function saveHistory(history: readonly string[]): Promise<void> {
  await writePrivate(historyFile(), JSON.stringify(history))
}
