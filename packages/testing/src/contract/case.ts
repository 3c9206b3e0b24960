import type { MockOptions } from '../mock/mock.ts'
import type { Bench } from './workbench.ts'
import type { Feature } from './feature.ts'

/** One thing that a transport answers for. */
export interface Case {
  /** A sentence of behaviour, after the part that it belongs to. */
  name: string
  /** What a transport has to have for it. */
  needs?: Feature | undefined
  /** How the mock of its bench behaves. */
  mock?: MockOptions | undefined
  run: (bench: Bench) => Promise<void>
  /** What has to hold where the feature is declared absent; left out where no request can ask for it. */
  absent?: ((bench: Bench) => Promise<void>) | undefined
}
