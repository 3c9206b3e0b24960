import * as z from 'zod/mini'

import type { SchemaType } from '../chat/output.ts'
import type { ExecuteTool } from '../chat/tool.ts'
import { classOf, isJsonObject, type JsonSchema } from '../json.ts'

// The shape of a ChatRequest and its messages, with the ranges that the API references of Model Studio print for every model.

// The caller may use its buffer or URL for something else before the request is sent, so that both are copied.
const mediaSource = z.union([
  z.string(),
  z.pipe(
    z.instanceof(URL),
    z.transform(({ href }) => href),
  ),
  z.instanceof(Blob),
  z.pipe(
    z.instanceof(Uint8Array),
    z.transform((bytes: Uint8Array<ArrayBuffer>) => copyBytes(bytes)),
  ),
  z.pipe(
    z.instanceof(ArrayBuffer),
    z.transform((bytes: ArrayBuffer) => copyBytes(bytes)),
  ),
])
const flag = z.optional(z.boolean())
const fps = z.optional(z.number().check(z.gte(0.1), z.lte(10)))
const tokens = z.optional(z.int().check(z.gte(1)))

const text = z.strictObject({ type: z.literal('text'), text: z.string(), cache: flag })
const image = z.strictObject({ type: z.literal('image'), image: mediaSource, cache: flag })
const maxFrames = z.optional(z.int().check(z.gte(1), z.lte(2000)))
const video = z.strictObject({ type: z.literal('video'), video: mediaSource, fps, maxFrames, cache: flag })
const frameList = z.array(mediaSource).check(z.minLength(4), z.maxLength(2000))
const frames = z.strictObject({ type: z.literal('frames'), frames: frameList, fps, cache: flag })

const toolCall = z.strictObject({ id: z.string(), name: z.string(), arguments: z.string() })

// "Content length must be greater than 0" (Model Studio, "Error messages").
const parts = z.array(z.discriminatedUnion('type', [text, image, video, frames])).check(
  z.minLength(1),
  z.refine(
    (list) => list.some((part) => part.type !== 'text' || part.text !== ''),
    'parts that are not all empty texts',
  ),
)

const systemMessage = z.strictObject({ role: z.literal('system'), content: z.union([z.string(), z.array(text)]) })
const userMessage = z.strictObject({
  role: z.literal('user'),
  content: z.union([z.string().check(z.minLength(1)), parts]),
})
const assistantMessage = z.strictObject({
  role: z.literal('assistant'),
  content: z.string(),
  reasoning: z.optional(z.string()),
  toolCalls: z.optional(z.array(toolCall)),
  partial: flag,
})
const toolMessage = z.strictObject({ role: z.literal('tool'), toolCallId: z.string(), content: z.string() })
const message = z.discriminatedUnion('role', [systemMessage, userMessage, assistantMessage, toolMessage])

const callable = z.custom<ExecuteTool>((value) => typeof value === 'function', 'a function')
const schema = z.custom<SchemaType | JsonSchema>(
  (value) => (typeof value === 'object' && value !== null) || typeof value === 'function',
  'a type of a schema library or a JSON Schema',
)
const tool = z.strictObject({
  name: z.string(),
  description: z.string(),
  input: z.optional(schema),
  execute: z.optional(callable),
})

const thinkingFields = z.strictObject({
  budget: tokens,
  preserve: flag,
  effort: z.optional(z.enum(['low', 'high', 'max'])),
})

const searchFields = z.strictObject({
  forced: flag,
  strategy: z.optional(z.string()),
  specializedSources: flag,
  sources: flag,
  citations: flag,
  citationFormat: z.optional(z.enum(['[<number>]', '[ref_<number>]'])),
  sourcesFirst: flag,
  sites: z.optional(z.array(z.string())),
  freshness: tokens,
  instruction: z.optional(z.string()),
})
const thinking = z.pipe(z.custom<z.input<typeof thinkingFields>>(isOptions, 'an object of options'), thinkingFields)
const search = z.pipe(z.custom<z.input<typeof searchFields>>(isOptions, 'an object of options'), searchFields)

/** The shape of a `ChatRequest`. */
export const requestSchema = z.strictObject({
  messages: z.array(message).check(z.minLength(1)),
  model: z.string().check(z.minLength(1), z.refine(isWellFormed, 'well-formed text')),
  thinking: z.optional(z.union([z.boolean(), thinking])),
  maxTokens: tokens,
  maxCompletionTokens: tokens,
  temperature: z.optional(z.number().check(z.gte(0), z.lt(2))),
  topP: z.optional(z.number().check(z.gt(0), z.lte(1))),
  topK: z.optional(z.int().check(z.gte(0))),
  presencePenalty: z.optional(z.number().check(z.gte(-2), z.lte(2))),
  repetitionPenalty: z.optional(z.number().check(z.gt(0))),
  seed: z.optional(z.int().check(z.gte(0), z.lte(2 ** 31 - 1))),
  stop: z.optional(z.union([z.string(), z.array(z.string())])),
  logprobs: z.optional(z.union([z.boolean(), z.int().check(z.gte(0), z.lte(5))])),
  tools: z.optional(z.array(tool)),
  toolChoice: z.optional(z.union([z.enum(['auto', 'none', 'required']), z.strictObject({ name: z.string() })])),
  parallelToolCalls: flag,
  output: z.optional(z.union([z.literal('json'), schema])),
  search: z.optional(z.union([z.boolean(), search])),
  extra: z.optional(z.record(z.string(), z.unknown())),
})

/** Every name that occurs in a request, as candidates for what a misspelt one may mean. */
export const requestNames: readonly string[] = [
  ...new Set(
    [
      requestSchema,
      thinkingFields,
      searchFields,
      tool,
      toolCall,
      assistantMessage,
      toolMessage,
      image,
      video,
      frames,
    ].flatMap((object) => Object.keys(object.shape)),
  ),
]

/** Copies bytes into a Blob. Those that were moved elsewhere are as empty as they say. */
export function copyBytes(bytes: Uint8Array | ArrayBuffer): Blob {
  if (bytes.byteLength === 0) return new Blob([])
  if (bytes instanceof ArrayBuffer) return new Blob([bytes])
  // Browsers make no Blob of shared memory.
  return new Blob([isUnshared(bytes) ? bytes : new Uint8Array(bytes)])
}

function isUnshared(bytes: Uint8Array): bytes is Uint8Array<ArrayBuffer> {
  return bytes.buffer instanceof ArrayBuffer
}

/** All the fields are optional, so that a promise or a Map would pass as an object without any. */
function isOptions(value: unknown): boolean {
  return isJsonObject(value) && (Object.keys(value).length > 0 || classOf(value) === 'Object')
}

/** Half a character cannot be sent. */
function isWellFormed(text: string): boolean {
  return !/\p{Surrogate}/u.test(text)
}
