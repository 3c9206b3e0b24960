import type { ToolLoopEvent } from '../chat/event.ts'

/** Reads the text deltas of a stream. Not a generator, which would make leaving wait for the pull in flight. */
export function textOf(events: AsyncIterator<ToolLoopEvent, undefined>): AsyncIterator<string, undefined> {
  return {
    async next() {
      for (;;) {
        const step = await events.next()
        if (step.done) return { done: true, value: undefined }
        if (step.value.type === 'text-delta') return { done: false, value: step.value.delta }
      }
    },
    async return() {
      await events.return?.()
      return { done: true, value: undefined }
    },
  }
}
