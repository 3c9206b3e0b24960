import { checkScenario } from './check-scenario.ts'
import type { Scenario } from './scenario.ts'

type Endpoint = NonNullable<Scenario['endpoint']>

/** Scenarios in the order in which they answer. */
export interface ScenarioQueue {
  readonly size: number
  /** Adds scenarios. Throws a `TypeError` for one that cannot be played. */
  add: (scenarios: Scenario | readonly Scenario[]) => void
  has: (endpoint: Endpoint) => boolean
  /** Removes and returns the next scenario of an endpoint. */
  take: (endpoint: string) => Scenario | undefined
  reset: () => void
}

/** Creates an empty queue. */
export function createScenarioQueue(): ScenarioQueue {
  let scenarios: Scenario[] = []
  const find = (endpoint: string) => scenarios.findIndex((scenario) => (scenario.endpoint ?? 'chat') === endpoint)
  return {
    get size() {
      return scenarios.length
    },
    add: (added) => {
      const list = [added].flat()
      const place = list.length === 1 ? () => 'mock.use' : (index: number) => `mock.use: [${index}]`
      for (const [index, scenario] of list.entries()) checkScenario(scenario, place(index))
      scenarios.push(...list)
    },
    has: (endpoint) => find(endpoint) !== -1,
    take: (endpoint) => {
      const index = find(endpoint)
      return index === -1 ? undefined : scenarios.splice(index, 1)[0]
    },
    reset: () => {
      scenarios = []
    },
  }
}
