import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize, relative } from 'node:path'

import { expect, test } from 'vitest'

const packagesDir = join(import.meta.dirname, '../packages')

/**
 * The folders of a package from the ground up; a file at its top stands for itself. Imports point down only, types and
 * `import()` included. CONTRIBUTING.md says what lives in each.
 */
const floors: Readonly<Record<string, readonly (readonly string[])[]>> = {
  core: [
    ['models', 'json.ts'],
    ['chat'],
    ['errors.ts'],
    ['async', 'redact.ts', 'lazy.ts', 'node.ts'],
    ['stream', 'output', 'http'],
    ['request'],
    ['codec.ts', 'observe.ts'],
    ['transport.ts'],
    ['service', 'wire', 'client.ts', 'cost.ts'],
    ['media', 'tools', 'temporary-key.ts'],
    ['transport'],
    ['index.ts'],
  ],
  testing: [
    ['protocol.ts', 'check-options.ts', 'digest.ts', 'fields.ts', 'headers.ts'],
    ['fixtures', 'faults', 'rules', 'wire'],
    ['recordings'],
    ['mock', 'recorder'],
    ['contract', 'server.ts', 'msw.ts', 'recorder.ts'],
    ['index.ts'],
  ],
  dualscope: [
    ['advice.ts', 'connect.ts', 'markdown-blocks.ts', 'node.ts', 'page-folder.ts'],
    ['playground'],
    ['cli', 'index.ts'],
    ['cli.ts'],
  ],
}

/** Lists the imports of a package's own files, as pairs of rooms: a folder, or a file at the top. */
function arrowsOf(name: string): Map<string, string> {
  const root = join(packagesDir, name, 'src')
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) => /(?<!\.test)\.ts$/.test(file))
  const arrows = new Map<string, string>()
  for (const file of files) {
    const text = readFileSync(join(root, file), 'utf8')
    for (const [, target = ''] of text.matchAll(/(?:from|import\() ?'(\.{1,2}\/[^']+\.ts)'/g)) {
      const to = relative(root, normalize(join(root, dirname(file), target)))
      const [from, into] = [roomOf(file), roomOf(to)]
      if (from !== into) arrows.set(`${from} → ${into}`, `${file} imports ${to}`)
    }
  }
  return arrows
}

function roomOf(file: string): string {
  return file.split('/')[0] ?? file
}

test.each(Object.entries(floors))('imports between the folders of %s point down', (name, levels) => {
  const floorOf = new Map(levels.flatMap((rooms, floor) => rooms.map((room) => [room, floor] as const)))
  const map = levels.map((rooms, floor) => `${String(floor + 1).padStart(2)}  ${rooms.join('  ')}`).toReversed()
  const rising: string[] = []
  for (const [arrow, example] of arrowsOf(name)) {
    const [from = '', into = ''] = arrow.split(' → ')
    const down = (floorOf.get(from) ?? NaN) > (floorOf.get(into) ?? NaN)
    if (!down) rising.push(`${arrow}: ${example}`)
  }
  expect(rising, `Allowed arrows point down:\n${map.join('\n')}\n`).toEqual([])
})
