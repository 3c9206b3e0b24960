import { readFileSync } from 'node:fs'
import { inspect } from 'node:util'

import { DualscopeError, type ErrorCode } from '@dualscope/core'
import { expect, test } from 'vitest'

const codes = {
  authentication: true,
  permission: true,
  billing: true,
  'not-found': true,
  'invalid-request': true,
  'content-inspection': true,
  'context-length': true,
  'rate-limit': true,
  overloaded: true,
  server: true,
  connection: true,
  timeout: true,
  incomplete: true,
  protocol: true,
  unsupported: true,
  validation: true,
  media: true,
  output: true,
  tool: true,
  configuration: true,
} satisfies Record<ErrorCode, true>

test.each(Object.keys(codes) as ErrorCode[])('an error "%s" points at its row, and prints no more for it', (code) => {
  const error = new DualscopeError(code, 'no')
  const [path = '', anchor = ''] = error.docs.split('#')
  const page = readFileSync(new URL(`../${path}`, import.meta.url), 'utf8')
  expect(page).toContain(`<a id="${anchor}"></a>\`${code}\``)
  expect(inspect(error)).not.toContain(path)
})
