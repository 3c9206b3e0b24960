import fc from 'fast-check'
import { expect, test } from 'vitest'

import { enqueue, emptyQueue, dequeue } from './queue.ts'

test('what is put in comes out in its order, however the two are mixed', () => {
  fc.assert(
    fc.property(fc.array(fc.boolean()), (puts) => {
      const queue = emptyQueue<{ number: number }>()
      const list: { number: number }[] = []
      const taken = { ours: [] as unknown[], lists: [] as unknown[] }
      const take = () => {
        taken.ours.push(dequeue(queue))
        taken.lists.push(list.shift())
      }
      for (const [number, put] of puts.entries()) {
        if (put) {
          enqueue(queue, { number })
          list.push({ number })
        } else take()
      }
      for (let left = list.length; left >= 0; left -= 1) take()
      expect(taken.ours).toEqual(taken.lists)
    }),
  )
})
