import { adapters, baselineOf, type AdapterInfo } from './adapters.ts'
import { compared, medianOf, type Figure, type Results } from './results.ts'

/** A row of the summary: one figure for each adapter, and what ours should be. */
export interface Row {
  title: string
  unit: '×' | 'µs' | 'KiB' | 'MB'
  /** Ours, at most. */
  target: { compatible?: number; native?: number }
  valueOf: (results: Results, adapter: AdapterInfo) => number | undefined
  /** The case that it is of, for failures. */
  caseId?: string
}

/** CPU beside the raw baseline of the same protocol. */
function cpuRatio(caseId: string, title: string, target: Row['target']): Row {
  return {
    title,
    unit: '×',
    target,
    caseId,
    valueOf: (results, { id, protocol }) => compared(results.cases[caseId], id, baselineOf(protocol), 'cpu'),
  }
}

/** The targets of the figures. */
export const rows: readonly Row[] = [
  cpuRatio('stream-packed', 'stream of 20,000 deltas, packed', { compatible: 1.25, native: 1.4 }),
  cpuRatio('stream-early', 'the same as the second stream of a process', {}),
  cpuRatio('stream-uncompiled', "the same without V8's optimizing compiler", {}),
  cpuRatio('stream-drip', 'stream of 20,000 deltas, a write a frame', { compatible: 1.2, native: 1.45 }),
  cpuRatio('call', 'small call, sequential', {}),
  cpuRatio('call-parallel', 'small calls, 50 at a time', {}),
  {
    title: 'added to the first delta',
    unit: 'µs',
    target: {},
    caseId: 'first-delta',
    valueOf: (results, { id, protocol }) =>
      compared(results.cases['first-delta'], id, baselineOf(protocol), 'delay', 'difference'),
  },
  cpuRatio('concurrent', '500 streams at once', { compatible: 1.25, native: 1.25 }),
  cpuRatio('cumulative', '4,000 cumulative frames', {}),
  {
    title: 'browser bundle of one chat call: what it loads',
    unit: 'KiB',
    target: {},
    valueOf: (results, { id }) => results.bundles[id]?.loaded,
  },
  {
    title: 'the same without ky',
    unit: 'KiB',
    target: {},
    valueOf: (results, { id }) => results.bundles[id]?.withoutKy,
  },
  {
    title: 'what one streamed chat loads, where the bundler splits',
    unit: 'KiB',
    target: { compatible: 45, native: 45 },
    valueOf: (results, { id }) => results.bundles[id]?.streamed,
  },
  {
    title: 'everything in one file, where the bundler does not split',
    unit: 'KiB',
    target: { compatible: 84, native: 84 },
    valueOf: (results, { id }) => results.bundles[id]?.whole,
  },
  {
    title: 'import, beside ky + eventsource-parser + zod/mini alone',
    unit: '×',
    target: { compatible: 1.1, native: 1.1 },
    caseId: 'import',
    valueOf: (results, { id }) => compared(results.cases['import'], id, 'by-hand-compatible', 'cpu'),
  },
  {
    title: 'local video of 50 MiB, peak memory above the start',
    unit: 'MB',
    target: { compatible: 100, native: 100 },
    caseId: 'video',
    valueOf: (results, { id }) => medianOf(results.cases['video'], id, 'growth'),
  },
  {
    title: 'stream of 200,000 deltas, peak memory above the start',
    unit: 'MB',
    target: {},
    caseId: 'memory',
    valueOf: (results, { id }) => medianOf(results.cases['memory'], id, 'growth'),
  },
]

/** Compares ours with the same libraries put together by hand. */
function besideByHand(caseId: string, title: string, figure: Figure = 'cpu'): Row {
  return {
    title,
    unit: '×',
    target: { compatible: 1, native: 1 },
    caseId,
    valueOf: (results, { id, protocol }) => compared(results.cases[caseId], id, `by-hand-${protocol}`, figure),
  }
}

/** The rows of ours beside the same libraries put together by hand. */
export const byHandRows: readonly Row[] = [
  besideByHand('stream-packed', 'stream of 20,000 deltas, packed'),
  besideByHand('stream-drip', 'stream of 20,000 deltas, a write a frame'),
  besideByHand('call', 'small call, sequential'),
  besideByHand('first-delta', 'time to the first delta', 'delay'),
  besideByHand('concurrent', '500 streams at once'),
]

/** Every adapter that is ours or anything else, by kind. */
export function ofKind(kind: AdapterInfo['kind']): readonly AdapterInfo[] {
  return adapters.filter((adapter) => adapter.kind === kind)
}
