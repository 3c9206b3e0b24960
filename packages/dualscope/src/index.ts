/**
 * All in one: `connect()`, the core and both transports. The testing kit stays in `@dualscope/testing`.
 *
 * @module dualscope
 */

export { connect, type ConnectOptions, type ProtocolChoice } from './connect.ts'

// The transports.
export { codec as compatibleCodec, compatible } from '@dualscope/compatible'
export { codec as dashscopeCodec, dashscope, type DashscopeOptions, type NativeOptions } from '@dualscope/dashscope'

// The rest of the house, for applications.
export {
  createClient,
  defineTool,
  estimateCost,
  fallback,
  knownModels,
  modelInfo,
  runTools,
  ApiError,
  DualscopeError,
  OutputError,
} from '@dualscope/core'
export type {
  ApiErrorDetails,
  AssistantMessage,
  CacheKind,
  CallOptions,
  ChatEvent,
  ChatRequest,
  ChatResult,
  ChatStream,
  Client,
  ClientOptions,
  ContentPart,
  CostEstimate,
  CostOptions,
  Currency,
  DataIssue,
  DropNotice,
  ErrorCode,
  ResultStream,
  FallbackOptions,
  FinishReason,
  FramesPart,
  HeaderFields,
  ImagePart,
  JsonSchema,
  KnownModelId,
  MediaSource,
  Message,
  ModelId,
  ModelInfo,
  NativeService,
  Observers,
  OutputOf,
  OutputSpec,
  Price,
  Provenance,
  Region,
  RequestNotice,
  ResponseNotice,
  RetryNotice,
  SamplingDefaults,
  SchemaType,
  SearchOptions,
  SearchSource,
  StandardType,
  RestrictedParameter,
  SystemMessage,
  TextPart,
  ThinkingOptions,
  TokenLimits,
  Tool,
  ToolCall,
  ToolContext,
  ToolDefinition,
  ToolInput,
  ToolLoop,
  ToolLoopEvent,
  ToolLoopOptions,
  ToolLoopResult,
  ToolMessage,
  Transport,
  TransportOptions,
  TransportRequest,
  Usage,
  UserMessage,
  VideoPart,
} from '@dualscope/core'

// For those who write a transport.
export { createTransport } from '@dualscope/core'
export type {
  ChatChunk,
  Codec,
  DecodedMessage,
  PreparedMessage,
  PreparedOutput,
  PreparedPart,
  PreparedRequest,
  PreparedThinking,
  PreparedTool,
  RawError,
  ServerSentEvent,
  ToolCallPiece,
  UnsupportedField,
  DecodedError,
  WireRequest,
} from '@dualscope/core'
