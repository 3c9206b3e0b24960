import type { MockOptions } from '../mock/mock-options.ts'
import type { Feature } from './feature.ts'
import type { Workbench } from './workbench.ts'

/** One thing that a transport answers for. */
export interface Case {
  /** A sentence of behaviour, after the part that it belongs to. */
  name: string
  /** The features that the case needs. */
  needs?: Feature | readonly Feature[] | undefined
  /** How the mock of its workbench behaves. */
  mock?: MockOptions | undefined
  run: (workbench: Workbench) => Promise<void>
  /** Runs instead if the feature is not claimed; absent if no request can ask for it. */
  whenUnsupported?: ((workbench: Workbench) => Promise<void>) | undefined
}
