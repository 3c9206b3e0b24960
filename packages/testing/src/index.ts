/**
 * Tests without the service: a strict mock of both protocols, documented bytes, faults and a contract suite.
 *
 * @module @dualscope/testing
 */

export { createMock, type Mock } from './mock/mock.ts'
export type { MockOptions } from './mock/mock-options.ts'
export type { MockLimits } from './mock/limits.ts'
export type { MockMedium, MockMessage, MockParameters, MockRequest, MockTool } from './mock/mock-request.ts'
export type { MockSource } from './digest.ts'
export type { Issue } from './rules/issue.ts'
export type { Model } from './rules/models.ts'
export type { Protocol, Service } from './protocol.ts'

export type {
  AnswerScenario,
  ErrorScenario,
  RawScenario,
  Scenario,
  ScenarioOptions,
  ScenarioToolCall,
} from './mock/scenario.ts'
export type { RecordedPiece, Recording } from './recordings/recording.ts'
export { toFixture } from './recordings/recorded-answer.ts'
export { compareRecordings } from './recordings/compare-recordings.ts'
export { replay } from './mock/replay.ts'

export { faults, type AnswerFault, type BodyFault, type Fault } from './faults/faults.ts'
export { applyBodyFault } from './faults/apply-body-fault.ts'
export type { Place } from './faults/place.ts'
export type { ByteStream } from './faults/bytes.ts'

export { fixtures } from './fixtures/fixtures.ts'
export { samples } from './fixtures/samples.ts'
export type { Fixture, FixtureSet } from './fixtures/fixture.ts'

export { contract, type ContractCase, type ContractOptions } from './contract/contract.ts'
export type { TransportFactory, ContractTransportOptions } from './contract/transport-factory.ts'
export type { Feature, Features } from './contract/feature.ts'
export type { LiveOptions } from './contract/live.ts'
