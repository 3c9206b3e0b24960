import type { MockOptions } from '../mock/mock.ts'
import type { Feature } from './feature.ts'
import type { Workbench } from './workbench.ts'

/** One thing that a transport answers for. */
export interface Case {
  /** A sentence of behaviour, after the part that it belongs to. */
  name: string
  /** What a transport has to have for it. */
  needs?: Feature | undefined
  /** How the mock of its workbench behaves. */
  mock?: MockOptions | undefined
  run: (workbench: Workbench) => Promise<void>
  /** What must hold if the feature is not claimed; left out if no request can ask for it. */
  whenUnsupported?: ((workbench: Workbench) => Promise<void>) | undefined
}
