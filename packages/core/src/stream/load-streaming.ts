import { latePart } from '../lazy.ts'
import type * as streaming from './streaming.ts'

/** What streams are made with. */
export type Streaming = typeof streaming

/** Loads what streams are made with; a whole answer needs none of it. */
export const loadStreaming = latePart(() => import('./streaming.ts'))
