import { expect, test } from 'vitest'

import { regionOf } from './region-of.ts'

test("the service's own hosts tell their region", () => {
  expect(regionOf('dashscope-us.aliyuncs.com')).toBe('virginia')
  expect(regionOf('ws-1.eu-central-1.maas.aliyuncs.com')).toBe('frankfurt')
  expect(regionOf('h.example')).toBeUndefined()
  expect(regionOf('localhost')).toBeUndefined()
})
