import { loadPart } from '../load-part.ts'
import type * as streaming from './streaming.ts'

/** What streams are made with. */
export type Streaming = typeof streaming

// Node resolves an import anew each time, which takes longer than a small stream does.
let loaded: Streaming | undefined

/** Loads what streams are made with, once; a whole answer needs none of it. */
export async function loadStreaming(): Promise<Streaming> {
  loaded ??= await loadPart(import('./streaming.ts'))
  return loaded
}
