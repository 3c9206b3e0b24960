import type { Outcome } from './outcome.ts'

/** Something that programs run in. */
export interface Runtime {
  name: string
  /** As it tells it itself. */
  version: () => Promise<string>
  /** Runs the cases against the mock at a URL. */
  run: (mockUrl: string) => Promise<Outcome[]>
}
