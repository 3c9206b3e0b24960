import { expect, test } from 'vitest'

import * as core from './index.ts'
import * as node from './node.ts'
import * as wire from './wire/index.ts'
import * as encode from './wire/encode-index.ts'

test('the exported values are those that were meant to be', () => {
  expect({
    core: Object.keys(core),
    node: Object.keys(node),
    wire: Object.keys(wire),
    encode: Object.keys(encode),
  }).toMatchSnapshot()
})
