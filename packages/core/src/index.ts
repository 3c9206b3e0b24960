/**
 * What every protocol shares: messages, requests, the client, streams, tools, media, errors and the model catalogue.
 *
 * @module @dualscope/core
 */

// For applications.
export { createClient, type Client, type ClientOptions } from './client.ts'
export { estimateCost, type CostEstimate } from './cost.ts'
export { defineTool, type ToolDefinition, type ToolInput } from './define-tool.ts'
export { ApiError, DualscopeError, type ApiErrorDetails, type ErrorCode } from './errors.ts'
export type { ChatEvent, ToolLoopEvent } from './event.ts'
export { fallback, type FallbackOptions } from './fallback.ts'
export type { DataIssue } from './fit-data.ts'
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
} from './model-info.ts'
export { knownModels, modelInfo, type KnownModelId, type ModelId } from './models.ts'
export type { DropNotice, Observers, RequestNotice, ResponseNotice, RetryNotice } from './observe.ts'
export { OutputError } from './output-error.ts'
export type { OutputOf, OutputSpec, SchemaType } from './output.ts'
export type { CallOptions, ChatRequest, SearchOptions, ThinkingOptions } from './request.ts'
export type { ChatResult, FinishReason, SearchSource, Usage } from './result.ts'
export { runTools, type ToolLoop, type ToolLoopOptions, type ToolLoopResult } from './run-tools.ts'
export type { ChatStream, EventStream } from './stream.ts'
export type { Tool, ToolContext } from './tool.ts'
export type { Region, Transport, TransportOptions, TransportRequest } from './transport.ts'

// For whoever writes a transport.
export type { ChatChunk, ToolCallPiece } from './chunk.ts'
export type { Codec, Decoded, ServerEvent, Unsupported, WireFault, WireRequest } from './codec.ts'
export { createTransport } from './create-transport.ts'
export type { PreparedOutput } from './prepare-output.ts'
export type { PreparedRequest, PreparedTool } from './prepare.ts'
export type { PreparedMessage, PreparedPart } from './prepared-message.ts'
export type { PreparedThinking } from './thinking.ts'
