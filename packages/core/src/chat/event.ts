import type { ToolCall } from './message.ts'
import type { FinishReason, Usage } from './result.ts'

/** One step of a streamed answer. A delta is never empty. */
export type ChatEvent =
  | { type: 'reasoning-delta'; delta: string }
  | { type: 'text-delta'; delta: string }
  | { type: 'tool-call-start'; index: number; id: string; name: string }
  | { type: 'tool-call-delta'; index: number; delta: string }
  | { type: 'tool-call-end'; index: number; toolCall: ToolCall }
  | { type: 'finish'; finishReason: FinishReason; usage: Usage | undefined }
  /** Only with `resume`: what was shown so far is void, the answer begins anew. */
  | { type: 'restart' }

/** The events of `runTools`: those of every step's answer, the tool results, and the end of each step. */
export type ToolLoopEvent =
  | ChatEvent
  /** The message for the model, in the order of the calls. With `error`, `content` is that error's message. */
  | { type: 'tool-result'; toolCall: ToolCall; content: string; error?: unknown }
  /** A step is one answer of the model with the results of its calls; the first is 1. */
  | { type: 'step-end'; step: number }
