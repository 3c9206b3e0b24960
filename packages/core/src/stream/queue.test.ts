import fc from 'fast-check'
import { expect, test } from 'vitest'

import { createQueue } from './queue.ts'

test('what is put in comes out in its order, however the two are mixed', () => {
  fc.assert(
    fc.property(fc.array(fc.boolean()), (puts) => {
      const queue = createQueue<{ number: number }>()
      const expected: number[] = []
      let number = 0
      for (const put of puts) {
        if (put) {
          queue.push({ number })
          expected.push(number)
          number += 1
        } else expect(queue.shift()?.number).toBe(expected.shift())
      }
      for (const left of expected) expect(queue.shift()?.number).toBe(left)
      expect(queue.shift()).toBeUndefined()
    }),
  )
})
