import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import { drawArchitecture } from './draw-architecture.ts'

test('docs/architecture.svg is what the script draws', () => {
  expect(readFileSync(join(import.meta.dirname, '../docs/architecture.svg'), 'utf8')).toBe(drawArchitecture())
})
