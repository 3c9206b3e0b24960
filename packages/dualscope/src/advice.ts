import type { ErrorCode } from '@dualscope/core'

const unreachable = 'Check the network, --base-url and the proxy; `dualscope doctor` tests each step.'

/** The advice for each error code, in the words of the command. */
export const adviceByCode: Readonly<Record<ErrorCode, string>> = {
  authentication: 'Check DASHSCOPE_API_KEY and --region: a key belongs to one region.',
  permission: 'Give the key access to this model, or name its --workspace, in the Model Studio console.',
  billing: 'See billing and free quota in the Model Studio console.',
  'not-found': 'Choose another --model: `dualscope models` lists them; some are available in one --region only.',
  'invalid-request': 'Change the request as the service says; `dualscope models` shows what a model supports.',
  'content-inspection': 'The service blocked the content: use other words, or another image.',
  'context-length': 'Shorten the prompt: `dualscope models` shows how much a model reads.',
  'rate-limit': 'Wait a minute, or ask for a higher limit in the Model Studio console.',
  overloaded: 'The service is busy: try again in a while.',
  server: 'The service failed: try again; if it keeps failing, give Alibaba Cloud support the request id.',
  connection: unreachable,
  timeout: unreachable,
  incomplete: 'The answer was interrupted: try again.',
  protocol: 'The response is not from Model Studio: check --base-url and any proxy.',
  unsupported: 'Remove it, or try another --protocol or --model.',
  validation: 'See `dualscope chat --help`.',
  media: 'Check that the file exists, is an image or a video, and is not too large.',
  output: 'Try again: the answer does not match the schema.',
  tool: 'Try again, or change the tool.',
  configuration: 'Correct the option, or the environment variable that it is read from.',
}

/** The advice for an error without a code. */
export const unexpectedAdvice = 'Unexpected error. Please report it, with the command and its output.'
