// The part of the library that is loaded with the first stream (load-streaming.ts).

export { accumulated, createAccumulator } from './accumulate.ts'
export { inBatchesOfOne, oneByOne } from '../engine/batches.ts'
export { chunkBatches } from '../engine/chunk-batches.ts'
export { createEventReader } from '../engine/read-events.ts'
export { createStream } from './chat-stream.ts'
export { wholeChunk } from '../engine/whole-chunk.ts'
