/**
 * What every protocol shares: messages, requests, the client, streams, tools, media, errors and the model catalogue.
 *
 * @module @dualscope/core
 */

// For applications.
export { createClient, type Client, type ClientOptions } from './client.ts'
export { estimateCost, type CostEstimate } from './cost.ts'
export { defineTool, type ToolDefinition, type ToolInput } from './tools/define-tool.ts'
export { ApiError, DualscopeError, type ApiErrorDetails, type ErrorCode } from './errors.ts'
export type { ChatEvent, ToolLoopEvent } from './chat/event.ts'
export { fallback, type FallbackOptions } from './transport/fallback.ts'
export type { DataIssue } from './output/check-data.ts'
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
} from './chat/message.ts'
export type {
  ModelInfo,
  NativeService,
  Price,
  Provenance,
  SamplingDefaults,
  RestrictedParameter,
  TokenLimits,
} from './models/model-info.ts'
export { knownModels, modelInfo } from './models/catalogue.ts'
export type { KnownModelId, ModelId } from './models/catalogue.ts'
export type { DropNotice, Observers, RequestNotice, ResponseNotice, RetryNotice } from './observe.ts'
export { OutputError } from './output/output-error.ts'
export type { OutputOf, OutputSpec, SchemaType } from './output/output.ts'
export type { CallOptions, ChatRequest, SearchOptions, ThinkingOptions } from './chat/request.ts'
export type { ChatResult, FinishReason, SearchSource, Usage } from './chat/result.ts'
export { runTools, type ToolLoop, type ToolLoopOptions, type ToolLoopResult } from './tools/run-tools.ts'
export type { ChatStream, EventStream } from './stream/chat-stream.ts'
export type { Tool, ToolContext } from './chat/tool.ts'
export type { Region, Transport, TransportOptions, TransportRequest } from './transport.ts'

// For whoever writes a transport.
export type { ChatChunk, ToolCallPiece } from './chat/chunk.ts'
export type { Codec, Decoded, Refusal, ServerEvent, Unsupported, WireFault, WireRequest } from './codec.ts'
export { createTransport } from './transport/create-transport.ts'
export type { PreparedOutput } from './request/output-instruction.ts'
export type { PreparedRequest, PreparedTool } from './request/prepare.ts'
export type { PreparedMessage, PreparedPart } from './request/prepared.ts'
export type { PreparedThinking } from './request/thinking.ts'
