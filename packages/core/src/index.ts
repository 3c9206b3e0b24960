/**
 * What every protocol shares: messages, requests, the client, streams, tools, media, errors and the model catalogue.
 *
 * @module @dualscope/core
 */

// For applications.
export { createClient, type Client, type ClientOptions } from './client.ts'
export { estimateCost, type CostEstimate } from './catalogue/cost.ts'
export { defineTool, type ToolDefinition, type ToolInput } from './tools/define-tool.ts'
export { ApiError, DualscopeError, type ApiErrorDetails, type ErrorCode } from './errors.ts'
export type { ChatEvent, ToolLoopEvent } from './event.ts'
export { fallback, type FallbackOptions } from './engine/fallback.ts'
export type { DataIssue } from './output/fit-data.ts'
export type { JsonSchema } from './json.ts'
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
} from './message.ts'
export type {
  ModelInfo,
  NativeService,
  Price,
  Provenance,
  SamplingDefaults,
  SettableParameter,
  TokenLimits,
} from './catalogue/model-info.ts'
export { knownModels, modelInfo } from './catalogue/models.ts'
export type { KnownModelId, ModelId, ModelTraits } from './catalogue/traits.ts'
export type { DropNotice, Observers, RequestNotice, ResponseNotice, RetryNotice } from './engine/observe.ts'
export { OutputError } from './output/output-error.ts'
export type { OutputOf, OutputSpec, SchemaType } from './output/output.ts'
export type { CallOptions, ChatRequest, SearchOptions, ThinkingOptions } from './request.ts'
export type { ChatResult, FinishReason, SearchSource, Usage } from './result.ts'
export { runTools, type ToolLoop, type ToolLoopOptions, type ToolLoopResult } from './tools/run-tools.ts'
export type { ChatStream, EventStream } from './stream/stream.ts'
export type { Tool, ToolContext } from './tools/tool.ts'
export type { Region, Transport, TransportOptions, TransportRequest } from './transport.ts'

// For whoever writes a transport.
export type { ChatChunk, ToolCallPiece } from './chunk.ts'
export type { Codec, Decoded, Refusal, ServerEvent, Unsupported, WireFault, WireRequest } from './codec.ts'
export { createTransport } from './engine/create-transport.ts'
export type { PreparedOutput } from './fit/prepare-output.ts'
export type { PreparedRequest, PreparedTool } from './fit/prepare.ts'
export type { PreparedMessage, PreparedPart } from './fit/prepared-message.ts'
export type { PreparedThinking } from './fit/thinking.ts'
