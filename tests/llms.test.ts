import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import { expect, test } from 'vitest'

const docs = join(import.meta.dirname, '../docs')
const text = readFileSync(join(docs, 'llms.txt'), 'utf8')
const links = [...text.matchAll(/\]\(([^)]+)\)/g)].map(([, target = '']) => target)

test('llms.txt lists every guide and every public package', () => {
  const guides = readdirSync(docs).filter((name) => name.endsWith('.md'))
  const packages = readdirSync(join(docs, '../packages')).map((name) => `../packages/${name}/README.md`)
  expect([...guides, ...packages].filter((path) => !links.includes(path))).toEqual([])
})

test('every link of llms.txt leads to a file', () => {
  expect(links.length).toBeGreaterThan(20)
  expect(links.filter((target) => !existsSync(join(docs, target)))).toEqual([])
})

test('llms.txt begins with the name and the summary that its format asks for', () => {
  expect(text).toMatch(/^# \S+\n\n> .+\n\n/)
})
