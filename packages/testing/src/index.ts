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
