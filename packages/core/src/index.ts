/**
 * Everything that the protocols share: messages, requests, the client, streams, tools, media, errors and the model catalogue.
 *
 * @module @dualscope/core
 */

// For applications.
export type { ChatEvent, ToolLoopEvent } from './chat/event.ts'
export type {
  AssistantMessage,
  ContentPart,
  FramesPart,
  ImagePart,
  MediaSource,
  Message,
  SystemMessage,
  TextPart,
  ToolCall,
  ToolMessage,
  UserMessage,
  VideoPart,
} from './chat/message.ts'
export type { OutputOf, OutputSpec, SchemaType, StandardType } from './chat/output.ts'
export type {
  CallOptions,
  ChatRequest,
  HeaderFields,
  SearchOptions,
  ThinkingOptions,
  ToolChoice,
  TransportRequest,
  UploadProgress,
} from './chat/request.ts'
export type { ChatResult, FinishReason, SearchSource, Usage } from './chat/result.ts'
export type { Tool, ToolContext } from './chat/tool.ts'
export { createClient, type Client, type ClientOptions } from './client.ts'
export { estimateCost, type CostEstimate, type CostOptions } from './cost.ts'
export {
  ApiError,
  DualscopeError,
  OutputError,
  type ApiErrorDetails,
  type DataIssue,
  type ErrorCode,
} from './errors.ts'
export type { JsonSchema } from './json.ts'
export { knownModels, modelInfo, type KnownModelId, type ModelId } from './models/catalogue.ts'
export type {
  CacheKind,
  Currency,
  ModelInfo,
  NativeService,
  Price,
  Provenance,
  Region,
  RestrictedParameter,
  SamplingDefaults,
  TokenLimits,
} from './models/model-info.ts'
export {
  notify,
  type DropNotice,
  type Observers,
  type RequestNotice,
  type ResponseNotice,
  type RetryNotice,
} from './observe.ts'
export type { ChatStream, ResultStream } from './stream/chat-stream.ts'
export { createTemporaryKey, type TemporaryKey, type TemporaryKeyOptions } from './temporary-key.ts'
export { defineTool, type ToolDefinition, type ToolInput } from './tools/define-tool.ts'
export { runTools, type ToolLoop, type ToolLoopOptions, type ToolLoopResult } from './tools/run-tools.ts'
export { fallback, type FallbackOptions } from './transport/fallback.ts'
export type { Transport, TransportCallOptions, TransportOptions } from './transport.ts'

// For authors of transports.
export { saysSomething, type ChatChunk, type ToolCallPiece } from './chat/chunk.ts'
export type { Codec, DecodedError, DecodedMessage, RawError, WireRequest } from './codec.ts'
export type { ServerSentEvent } from './http/events.ts'
export type {
  PreparedMessage,
  PreparedOutput,
  PreparedPart,
  PreparedRequest,
  PreparedThinking,
  PreparedTool,
  UnsupportedField,
} from './request/prepared.ts'
export { createTransport } from './transport/create-transport.ts'
