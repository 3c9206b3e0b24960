/**
 * The service without the service: a strict mock of both protocols, documented bytes, faults and a contract suite.
 *
 * @module @dualscope/testing
 */

export { createMock, type Mock, type MockOptions } from './mock.ts'
export type { MockRequest } from './mock-request.ts'
export type { Issue } from './issue.ts'
export type { Model, Service } from './model.ts'

export type {
  AnswerScenario,
  ErrorScenario,
  RawScenario,
  Scenario,
  ScenarioOptions,
  ScenarioToolCall,
} from './scenario.ts'
export { replay } from './replay.ts'

export { faults } from './faults.ts'
export type { AnswerFault, BodyFault, Fault } from './fault.ts'
export { breakBody } from './break-body.ts'
export type { Body } from './body.ts'

export { fixtures } from './fixtures.ts'
export { samples } from './samples.ts'
export type { Fixture, FixtureSet, Protocol } from './fixture.ts'

export { contract, type ContractCase, type ContractOptions } from './contract.ts'
export type { Connect, ContractTransportOptions } from './contract/connect.ts'
export type { Feature, Features } from './contract/feature.ts'
export type { LiveOptions } from './contract/live.ts'
