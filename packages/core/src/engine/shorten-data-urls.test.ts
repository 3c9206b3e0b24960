import { expect, test } from 'vitest'

import { shortenDataUrls } from './shorten-data-urls.ts'

test('data URLs are shortened where they stand', () => {
  const url = `data:image/png;base64,${'A'.repeat(200)}`
  expect(shortenDataUrls(`cannot read "${url}" and data:,x`)).toBe(
    `cannot read "${url.slice(0, 60)}… (${url.length} characters)" and data:,x`,
  )
})
