import { compatible } from '@dualscope/compatible'
import {
  type ChatChunk,
  type ContentPart,
  DualscopeError,
  type Transport,
  type TransportRequest,
  type Usage,
} from '@dualscope/core'
import { dashscope } from '@dualscope/dashscope'
import { contract, type Feature } from '@dualscope/testing'
import { expect, test } from 'vitest'

type Lack = {
  /** Names the field that the transport has no place for, if the request uses it. */
  refuses?: (request: TransportRequest) => string | undefined
  /** Drops from an answer what the transport cannot read. */
  drops?: (chunk: ChatChunk) => ChatChunk
}

function findPart(request: TransportRequest, uses: (part: ContentPart) => boolean): string | undefined {
  for (const [index, { content }] of request.messages.entries()) {
    const position = Array.isArray(content) ? content.findIndex((part) => uses(part as ContentPart)) : -1
    if (position !== -1) return `messages[${index}].content[${position}]`
  }
  return undefined
}

function isFile(source: unknown): boolean {
  return typeof source === 'object' && !(source instanceof URL)
}

function dropDetails({ inputTokens, outputTokens, totalTokens }: Usage): Usage {
  return { inputTokens, outputTokens, totalTokens }
}

const lacks: Readonly<Partial<Record<Feature, Lack>>> = {
  thinking: {
    refuses: ({ thinking }) => (thinking ? 'thinking' : undefined),
    drops: (chunk) => ({ ...chunk, reasoning: undefined }),
  },
  thinkingOptions: {
    refuses: ({ thinking }) =>
      typeof thinking === 'object' && (thinking.preserve !== undefined || thinking.effort !== undefined)
        ? 'thinking'
        : undefined,
  },
  tools: {
    refuses: ({ tools, messages }) =>
      tools || messages.some((message) => message.role === 'tool') ? 'tools' : undefined,
    drops: (chunk) => ({ ...chunk, toolCalls: undefined }),
  },
  images: {
    refuses: (request) =>
      mark(
        findPart(request, ({ type }) => type === 'image'),
        ': image',
      ),
  },
  video: {
    refuses: (request) =>
      mark(
        findPart(request, ({ type }) => type === 'video'),
        ': video',
      ),
  },
  frames: {
    refuses: (request) =>
      mark(
        findPart(request, ({ type }) => type === 'frames'),
        ': frames',
      ),
  },
  blobs: {
    refuses: (request) => findPart(request, (part) => part.type === 'image' && isFile(part.image)),
  },
  cache: {
    refuses: (request) =>
      mark(
        findPart(request, ({ cache }) => cache === true),
        '.cache',
      ),
  },
  structuredOutput: { refuses: ({ output }) => (output ? 'output' : undefined) },
  search: { refuses: ({ search }) => (search ? 'search' : undefined) },
  partial: {
    refuses: ({ messages }) =>
      messages.some((each) => each.role === 'assistant' && each.partial) ? 'partial' : undefined,
  },
  logprobs: { refuses: ({ logprobs }) => (logprobs === undefined ? undefined : 'logprobs') },
  usageDetails: { drops: (chunk) => (chunk.usage ? { ...chunk, usage: dropDetails(chunk.usage) } : chunk) },
  serviceOptions: {
    refuses: ({ maxCompletionTokens, presencePenalty, repetitionPenalty, seed }) =>
      [maxCompletionTokens, presencePenalty, repetitionPenalty, seed].some((value) => value !== undefined)
        ? 'seed'
        : undefined,
  },
}

function mark(place: string | undefined, field: string): string | undefined {
  return place && `${place}${field}`
}

/** A transport that lacks a feature, as one around another client would. */
function without(inner: Transport, { refuses, drops = (chunk) => chunk }: Lack): Transport {
  const check = (request: TransportRequest) => {
    const field = refuses?.(request)
    if (field !== undefined) throw new DualscopeError('unsupported', `${field}: this transport has no place for it`)
  }
  return {
    protocol: inner.protocol,
    send: async (request, options) => {
      check(request)
      return drops(await inner.send(request, options))
    },
    stream: async function* (request, options) {
      check(request)
      for await (const batch of inner.stream(request, options)) yield batch.map(drops)
    },
  }
}

/** A Blob cannot be uploaded where none can be sent. */
const implied: Readonly<Partial<Record<Feature, readonly Feature[]>>> = { blobs: ['uploads'] }

for (const connect of [compatible, dashscope]) {
  test.each(Object.entries(lacks))(
    `a transport around ${connect.name} without %s passes every other case`,
    async (name, lack) => {
      const absent = [name, ...(implied[name as Feature] ?? [])]
      const features = Object.fromEntries(absent.map((feature) => [feature, false]))
      const failures: string[] = []
      await Promise.all(
        contract((options) => without(connect(options), lack), { features }).map(async (item) => {
          await item.run().catch((error: unknown) => failures.push(`${item.name}\n  ${String(error)}`))
        }),
      )
      expect(failures).toEqual([])
    },
    60_000,
  )
}

test.each([
  [{ feature: { tools: false } }, 'contract: feature: unknown; did you mean features?'],
  [{ features: { tool: false } }, 'contract: features.tool: unknown; did you mean tools?'],
  [{ features: { tools: 'no' } }, 'contract: features.tools: must be true or false, got "no"'],
  [
    { live: { model: 'kimi-k2.5', budget: -1 } },
    'contract: live.budget: must be a whole number of tokens, 0 or more, got -1',
  ],
  [{ recordings: [{ version: 2 }] }, 'contract: recordings[0]: version: must be 1'],
])('contract with the options %j throws', (options, message) => {
  expect(() => contract(compatible, options as never)).toThrow(message)
})
