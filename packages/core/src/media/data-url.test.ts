import { expect, test } from 'vitest'

import { dataUrlLength, readDataUrl, toDataUrl } from './data-url.ts'

test.each([0, 1, 2, 3, 24_575, 24_576, 24_577, 100_000])(
  '%i bytes become the data URL that Buffer makes',
  async (size) => {
    const bytes = Uint8Array.from({ length: size }, (_, index) => (index * 7) % 256)
    const url = await toDataUrl(new Blob([bytes]), 'image/png')
    expect(url).toBe(`data:image/png;base64,${Buffer.from(bytes).toString('base64')}`)
    expect(url).toHaveLength(dataUrlLength('image/png', size))
  },
)

test.each([
  ['data:image/png;base64,aGk=', 'image/png', 'hi'],
  ['data:image/png;base64,aGk', 'image/png', 'hi'],
  ['DATA:image/png;charset=x;BASE64,aGk%3D', 'image/png', 'hi'],
  ['data:;base64,a\nG k=', '', 'hi'],
  ['data:image/png;base64,_-8=', 'image/png', '\uFFFD\uFFFD'],
  ['data:image/svg+xml,%3Csvg/%3E', 'image/svg+xml', '<svg/>'],
])('%j is read', async (url, type, text) => {
  const blob = readDataUrl(url)
  if (typeof blob === 'string') throw new Error(blob)
  expect(blob.type).toBe(type)
  expect(await blob.text()).toBe(text)
})

test.each([
  ['data:image/png;base64', /without a comma/],
  ['data:image/png;base64,', /not Base64/],
  ['data:image/png;base64,abcde', /not Base64/],
  ['data:image/png;base64,a*b=', /not Base64/],
])('%j cannot be read', (url, reason) => {
  expect(readDataUrl(url)).toMatch(reason)
})
