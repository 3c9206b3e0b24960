import { expect, expectTypeOf, test } from 'vitest'
import * as z from 'zod'
import * as mini from 'zod/mini'

import type { Tool } from '../chat/tool.ts'
import { defineTool } from './define-tool.ts'

const both = { name: 'weather', description: 'The weather' }

test('the type of the input follows from its schema', () => {
  defineTool({
    ...both,
    input: z.object({ days: z.string().transform(Number) }),
    execute: (input) => expectTypeOf(input).toEqualTypeOf<{ days: number }>(),
  })
  defineTool({
    ...both,
    input: mini.object({ city: mini.string() }),
    execute: ({ city }) => expectTypeOf(city).toBeString(),
  })
  defineTool({ ...both, input: { type: 'object' }, execute: (input) => expectTypeOf(input).toBeUnknown() })
  defineTool({ ...both, execute: (input, { signal }) => [expectTypeOf(input).toBeUnknown(), signal.aborted] })
  expectTypeOf(defineTool(both)).toEqualTypeOf<Tool>()
})

test('a plain object is a tool too, and a defined one is a plain object', () => {
  expectTypeOf({ ...both, execute: ({ city }: { city: string }) => city }).toExtend<Tool>()
  expect(defineTool(both)).toEqual(both)
})
