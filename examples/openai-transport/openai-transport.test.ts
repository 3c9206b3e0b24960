import { contract, type Features } from '@dualscope/testing'
import { expect, test } from 'vitest'

import { openaiTransport } from './openai-transport.ts'

// Features that the transport lacks. The suite checks that they are unsupported.
const features: Partial<Features> = {
  thinkingOptions: false,
  video: false,
  frames: false,
  maxFrames: false,
  blobs: false,
  uploads: false,
  cache: false,
  structuredOutput: false,
  search: false,
  sources: false,
  partial: false,
  logprobs: false,
  usageDetails: false,
  serviceOptions: false,
  cumulative: false,
  routes: false,
}

// Cases that it cannot meet, with the reason.
const unmet: readonly (readonly [RegExp, string])[] = [
  [/^request: chat\(\) asks/, 'the openai package streams only what is called as a stream'],
  [/^request: a region/, 'it knows a base URL, no regions'],
  [
    /^parameters: thinking: (true|false), where|^media: images are not sent|^refusals: \{/,
    'it has no catalogue of models',
  ],
  [/^parameters: extra cannot/, 'extra is merged without a look at the names that it holds'],
  [/^messages: (an empty message of the system|calls without ids)/, 'it sends a history as it is'],
  [/^streams: a stream as one JSON/, 'the openai package reads events where a stream was asked'],
  [
    /^errors: (400 (InvalidURL|BadRequest.Input|ClientDisc)|500 InternalError.Algo ")/,
    'the openai package retries by status',
  ],
  [/^errors: 429 .*billing/, 'the openai package retries by status'],
  [/^errors: a gateway error in HTML/, 'the openai package takes the page for the message'],
  [/^errors: (a refused key|the error of a retired)/, 'it explains no messages of the service'],
  [
    /^retries: (a throttle|an overloaded|a gateway|a connection that is|the call waits)/,
    'the openai package reports no retries',
  ],
  [/^retries: (a connection that breaks before|an error that a stream)/, 'the openai package retries until the head'],
  [/^retries: (a bill|a free quota|a redirect|a Retry-After beyond)/, 'the openai package retries by status'],
  [/^endings: an answer of an unknown shape/, 'the openai package hands out whatever came'],
  [/^endings: (silence|the whole call)/, 'the openai package limits the wait for the head alone, and retries it'],
  [/^refusals: (a key|plain|a region)/, 'it does not check keys and addresses'],
  [/^secrets: observers/, 'it calls no observers'],
]

function reasonFor(name: string): string | undefined {
  return unmet.find(([pattern]) => pattern.test(name))?.[1]
}

const cases = contract(openaiTransport, { features }).map((item) => ({ ...item, reason: reasonFor(item.name) }))

test.concurrent.each(cases.filter(({ reason }) => reason === undefined))('$name', async ({ run }) => {
  await run()
})

test.concurrent.each(cases.filter(({ reason }) => reason !== undefined))(
  'not met: $name ($reason)',
  async ({ run }) => {
    await expect(run()).rejects.toBeDefined()
  },
  20_000,
)
