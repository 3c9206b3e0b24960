import type { ErrorCode } from '@dualscope/core'

import { exitCode } from './exit-code.ts'

/** What a user of the command does about an error, and how the command ends. */
export interface Advice {
  exit: number
  todo: string
}

const key = exitCode.key
const later = exitCode.later
const usage = exitCode.usage
const failed = exitCode.failed

const unreachable = 'Check the network, --base-url and the proxy: `dualscope doctor` looks closer.'

/** By the error's code. */
export const adviceFor: Readonly<Record<ErrorCode, Advice>> = {
  authentication: { exit: key, todo: 'Check DASHSCOPE_API_KEY and --region: a key belongs to one region.' },
  permission: {
    exit: key,
    todo: 'Give the key access to this model, or name its --workspace, in the Model Studio console.',
  },
  billing: { exit: failed, todo: 'See billing and free quota in the Model Studio console.' },
  'not-found': {
    exit: failed,
    todo: 'Choose another --model: `dualscope models` lists them; some live in one --region only.',
  },
  'invalid-request': {
    exit: failed,
    todo: 'Change the request as the service says; `dualscope models` tells what a model can do.',
  },
  'content-inspection': {
    exit: failed,
    todo: 'The service blocked the content: ask in other words, or show another picture.',
  },
  'context-length': { exit: failed, todo: 'Shorten the prompt: `dualscope models` tells how much a model reads.' },
  'rate-limit': { exit: later, todo: 'Wait a minute, or ask for a higher limit in the Model Studio console.' },
  overloaded: { exit: later, todo: 'The service is busy: try again in a while.' },
  server: {
    exit: later,
    todo: 'The service failed: try again; if it stays so, tell Alibaba Cloud support the request id.',
  },
  connection: { exit: later, todo: unreachable },
  timeout: { exit: later, todo: unreachable },
  incomplete: { exit: later, todo: 'The answer was cut on its way: ask again.' },
  protocol: { exit: failed, todo: 'The answer is not that of Model Studio: check --base-url and what stands between.' },
  unsupported: { exit: usage, todo: 'Leave it out, or try another --protocol or --model.' },
  validation: { exit: usage, todo: 'See `dualscope chat --help` for what is possible.' },
  media: { exit: usage, todo: 'Check that the file exists, that it is a picture or a video, and how large it is.' },
  output: { exit: failed, todo: 'Ask again: the answer does not fit what was asked for.' },
  tool: { exit: failed, todo: 'Ask again, or change the tool.' },
  configuration: { exit: usage, todo: 'Correct the option, or the variable of the environment that it is read from.' },
}
