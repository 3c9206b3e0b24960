import { contract, type ContractTransportOptions } from '@dualscope/testing'
import { test } from 'vitest'

import { anthropic } from './anthropic.ts'
import { standIn } from './stand-in.ts'

function connect(options: ContractTransportOptions) {
  return anthropic({ ...options, fetch: standIn(options.fetch ?? globalThis.fetch) })
}

// Features that the protocol lacks. The suite checks that they are unsupported.
const features = {
  thinkingOptions: false,
  tools: false,
  video: false,
  frames: false,
  maxFrames: false,
  structuredOutput: false,
  search: false,
  sources: false,
  logprobs: false,
  serviceOptions: false,
  usageDetails: false,
  cumulative: false,
  routes: false,
}

test.each(contract(connect, { features }))('$name', async ({ run }) => {
  await run()
})
