import { usageError } from '../errors.ts'
import { expandHome } from '../files-like.ts'

/** Cleans up a path that was typed, dropped or completed: without quotes, with the home folder for `~`. */
export function pathOf(typed: string): string {
  const path = typed.replace(/^(["'])(.*)\1$/, '$2').replaceAll('\\ ', ' ')
  if (path !== '') return expandHome(path)
  throw usageError('A file name is missing.', 'Write it after the command; the Tab key completes it.')
}
