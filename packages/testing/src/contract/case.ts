import type { MockOptions } from '../mock/mock-options.ts'
import type { Feature } from './feature.ts'
import type { Workbench } from './workbench.ts'

/** A case of the contract: one guarantee of a transport. */
export interface Case {
  /** The part of the contract and a colon, then a sentence of behaviour. */
  name: string
  /** The features that the case needs. */
  needs?: Feature | readonly Feature[] | undefined
  /** The options of the mock of its workbench. */
  mock?: MockOptions | undefined
  run: (workbench: Workbench) => Promise<void>
  /** Runs instead if the feature is not claimed; absent if no request can use it. */
  whenUnsupported?: ((workbench: Workbench) => Promise<void>) | undefined
}
