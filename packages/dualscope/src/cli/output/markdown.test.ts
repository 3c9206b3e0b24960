import { PassThrough } from 'node:stream'

import { expect, test } from 'vitest'

import { createMarkdownWriter } from './markdown.ts'
import type { OutputStream } from './terminal.ts'

function terminal(columns: number): OutputStream {
  return Object.assign(new PassThrough(), { isTTY: true, columns, hasColors: () => false })
}

/** Returns the lines that stay, and the previews that were erased. */
function show(markdown: string, columns = 40, step = 1) {
  const writer = createMarkdownWriter(terminal(columns))
  const outputs: string[] = []
  for (let start = 0; start < markdown.length; start += step)
    outputs.push(writer.push(markdown.slice(start, start + step)))
  outputs.push(writer.finish())
  const lines = outputs.join('').split('\n')
  return {
    text: lines.map((line) => line.split('\r\u001B[K').at(-1)).join('\n'),
    previews: lines.flatMap((line) => line.split('\r\u001B[K').slice(0, -1)),
  }
}

test('blocks, nested lists, tables of wide characters and line breaks keep their layout', () => {
  const { text } = show('# 你好\n\n1. one\n   - two\n2. three\n\n| 名 | n |\n|--|--:|\n| 😀 | 10 |\n\na\nb\n')
  expect(text).toBe(
    ['你好', '', '1. one', '  - two', '2. three', '', '┌────┬────┐', '│ 名 │  n │', '├────┼────┤', '│ 😀 │ 10 │']
      .concat(['└────┴────┘', '', 'a', 'b', ''])
      .join('\n'),
  )
})

test('the end of an incomplete block is shown in one line that fits the terminal', () => {
  const { previews, text } = show('鹰'.repeat(60), 20)
  expect(previews.at(-1)).toBe('鹰'.repeat(9))
  expect(text.replaceAll('\n', '')).toBe('鹰'.repeat(60))
})

test('the preview never begins inside a character', () => {
  // Each has one column and two UTF-16 units, so that an odd text puts the cut inside one.
  const { previews } = show(`${'𝒜'.repeat(60)}a`, 20, 121)
  expect(previews.at(-1)).toBe(`${'𝒜'.repeat(18)}a`)
})

test('a terminal of unknown size counts as 80 columns', () => {
  expect(show('word '.repeat(30), 0).text.split('\n')[0]).toHaveLength(79)
})

test('a fence stays open over blank lines until it is closed', () => {
  const { text } = show('```\na\n\n\nb\n```\n\nend')
  expect(text).toBe('a\n\n\nb\n\nend\n')
})

test('quotes that nest too deep are shown as they are', () => {
  const markdown = '>'.repeat(20_000)
  expect(show(markdown, 80, 500).text).toBe(`${markdown}\n`)
})
