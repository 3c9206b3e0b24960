import { readdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { basename, dirname } from 'node:path'

/** Returns the files and folders that complete a path. */
export function filesLike(typed: string): string[] {
  const folder = typed.endsWith('/') ? typed : dirname(typed)
  const start = typed.endsWith('/') ? '' : basename(typed)
  const prefix = typed.slice(0, typed.length - start.length)
  try {
    return readdirSync(expandHome(folder), { withFileTypes: true })
      .filter(({ name }) => name.startsWith(start) && (start !== '' || !name.startsWith('.')))
      .map((entry) => `${prefix}${entry.name}${entry.isDirectory() ? '/' : ''}`)
  } catch {
    // A folder that cannot be read has nothing to complete.
    return []
  }
}

/** Replaces a leading `~` by the home folder, as a shell would. */
export function expandHome(path: string): string {
  return path === '~' || path.startsWith('~/') ? `${homedir()}${path.slice(1)}` : path
}
