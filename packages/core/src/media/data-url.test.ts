import { expect, test } from 'vitest'

import { dataUrlLength, toDataUrl } from './data-url.ts'

test.each([0, 1, 2, 3, 24_575, 24_576, 24_577, 100_000])(
  '%i bytes become the data URL that Buffer makes',
  async (size) => {
    const bytes = Uint8Array.from({ length: size }, (_, index) => (index * 7) % 256)
    const url = await toDataUrl(new Blob([bytes]), 'image/png')
    expect(url).toBe(`data:image/png;base64,${Buffer.from(bytes).toString('base64')}`)
    expect(url).toHaveLength(dataUrlLength('image/png', size))
  },
)
