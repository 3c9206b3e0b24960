import { ApiError, type ErrorCode } from '@dualscope/core'

import { faults } from '../faults/faults.ts'
import type { ErrorScenario } from '../mock/scenario.ts'
import type { Case } from './case.ts'
import { equal, assert, matches } from './difference.ts'

type Retry = 'never' | 'once' | 'always'
type Row = readonly [
  code: ErrorCode,
  status: number,
  retry: Retry,
  native: string,
  compatible?: string | undefined,
  message?: string,
]

// Model Studio, "Error messages" page: code, status, whether a retry may help, and the service's code in the spelling of
// each protocol.
const rows: readonly Row[] = [
  ['invalid-request', 400, 'never', 'InvalidParameter', 'invalid_parameter_error'],
  ['invalid-request', 400, 'never', 'InvalidParameter', 'invalid_request_error', 'n is too large'],
  ['invalid-request', 400, 'never', 'InvalidParameter.NotSupportEnableThinking'],
  ['invalid-request', 400, 'never', 'InvalidParameter.DataInspection'],
  ['invalid-request', 400, 'never', 'BadRequest.EmptyInput', 'missing_required_parameter'],
  ['invalid-request', 400, 'never', 'BadRequest.TooLarge', 'invalid_value'],
  ['invalid-request', 400, 'never', 'InternalError.Algo.InvalidParameter'],
  ['invalid-request', 400, 'never', 'ServiceUnavailableError'],
  ['invalid-request', 400, 'never', 'UnsupportedOperation'],
  ['invalid-request', 400, 'once', 'InvalidURL.Timeout'],
  ['invalid-request', 400, 'once', 'BadRequest.InputDownloadFailed'],
  [
    'context-length',
    400,
    'never',
    'InvalidParameter',
    'invalid_parameter_error',
    'Range of input length should be [1, 258048]',
  ],
  ['content-inspection', 400, 'never', 'DataInspectionFailed', 'data_inspection_failed'],
  ['content-inspection', 400, 'never', 'IPInfringementSuspect'],
  ['billing', 400, 'never', 'Arrearage'],
  ['server', 400, 'always', 'ClientDisconnect'],
  ['authentication', 401, 'never', 'InvalidApiKey', 'invalid_api_key'],
  ['permission', 403, 'never', 'AccessDenied', 'access_denied'],
  ['permission', 403, 'never', 'Model.AccessDenied'],
  ['permission', 403, 'never', 'AccessDenied.Unpurchased'],
  ['billing', 403, 'never', 'AllocationQuota.FreeTierOnly'],
  ['not-found', 404, 'never', 'ModelNotFound', 'model_not_found'],
  ['not-found', 404, 'never', 'ModelNotFound', 'model_not_supported', 'Unsupported model'],
  ['not-found', 404, 'never', 'WorkSpaceNotFound'],
  ['rate-limit', 429, 'always', 'Throttling', 'limit_requests'],
  ['rate-limit', 429, 'always', 'Throttling.RateQuota', 'LimitRequests'],
  ['rate-limit', 429, 'always', 'Throttling.BurstRate', 'limit_burst_rate'],
  ['rate-limit', 429, 'always', 'Throttling.AllocationQuota', 'insufficient_quota'],
  ['billing', 429, 'never', 'Throttling.AllocationQuota', 'insufficient_quota', 'Free allocated quota exceeded.'],
  ['billing', 429, 'never', 'CommodityNotPurchased'],
  ['billing', 429, 'never', 'PrepaidBillOverdue'],
  ['billing', 429, 'never', 'PostpaidBillOverdue'],
  ['server', 500, 'always', 'InternalError', 'internal_error'],
  ['server', 500, 'always', 'InternalError.Timeout'],
  ['server', 500, 'always', 'SystemError'],
  ['server', 500, 'always', 'ModelServiceFailed'],
  ['server', 500, 'always', 'InternalError.Algo'],
  ['invalid-request', 500, 'never', 'InternalError.Algo', undefined, 'list index out of range'],
  ['server', 500, 'always', 'RequestTimeOut'],
  ['overloaded', 503, 'always', 'ModelUnavailable'],
  ['overloaded', 503, 'always', 'ModelServingError'],
]

const attempts = { never: 1, once: 2, always: 3 } as const

function caseOf([code, status, retry, native, compatible = native, message = `Said of ${native}.`]: Row): Case {
  const scenario: ErrorScenario = {
    type: 'error',
    status,
    code: { dashscope: native, compatible },
    message,
    headers: { 'retry-after': '0.001' },
  }
  const spelt = compatible === native ? native : `${native} (${compatible})`
  return {
    name: `errors: ${status} ${spelt}${message.startsWith('Said') ? '' : ` "${message}"`} is ${code}, retried ${retry}`,
    async run({ client, mock, rejectsWith, requestCount, protocol }) {
      const expected = {
        code,
        status,
        serviceCode: protocol === 'dashscope' ? native : /./,
        requestId: /./,
        protocol,
        message: new RegExp(message.replaceAll(/[^\w ]/g, '.').slice(0, -1)),
        ...(retry === 'once' ? {} : { retryable: retry === 'always' }),
      }
      mock.use([scenario, scenario, scenario])
      const error = await rejectsWith(client({ retries: 2 }).chat('Hello'), expected, 'Over HTTP')
      assert(error instanceof ApiError, 'It is an ApiError')
      if (error instanceof ApiError && compatible !== native)
        assert(error.serviceCode === native || error.serviceCode === compatible, 'It has the code of the service')
      equal(requestCount(), attempts[retry], 'Attempts over HTTP')
      mock.reset()
      mock.use({ ...scenario, after: 0 })
      await rejectsWith(client().stream('Hello').result(), expected, 'At the beginning of a stream')
      mock.use({ ...scenario, after: 2, answer: { text: ['Hello', ' there', ' again'] } })
      const late = await rejectsWith(client({ retries: 2 }).stream('Hello').result(), expected, 'Inside a stream')
      matches(late.partial, { text: /^Hello/ }, 'The partial answer')
      equal(requestCount(), 2, 'A stream that has begun is not repeated')
    },
  }
}

const codes = { dashscope: 'InvalidParameter', compatible: 'invalid_parameter_error' }

/** Errors of the service. */
export const errorCases: readonly Case[] = [
  ...rows.map(caseOf),
  {
    name: 'errors: a gateway error in HTML, or without a body, is classified by its status',
    async run({ client, mock, rejectsWith }) {
      mock.use([
        { fault: faults.html(502) },
        { fault: faults.html(503) },
        { fault: faults.empty(500) },
        { fault: faults.empty(404) },
        { fault: faults.empty(401) },
      ])
      for (const [code, status] of [
        ['server', 502],
        ['overloaded', 503],
        ['server', 500],
        ['not-found', 404],
        ['authentication', 401],
      ] as const) {
        const error = await rejectsWith(
          client().chat('Hello'),
          { code, status, requestId: undefined },
          `Status ${status}`,
        )
        assert(!/<\/?\w+>/.test(error.message), `The message holds no markup: ${error.message}`)
      }
    },
  },
  {
    name: 'errors: an error is read whatever its content type',
    async run({ client, mock, rejectsWith }) {
      const scenario: ErrorScenario = { type: 'error', status: 400, code: codes, message: 'Said so.' }
      for (const type of ['text/event-stream', 'text/plain', undefined]) {
        mock.use({ ...scenario, fault: faults.contentType(type) })
        await rejectsWith(
          client().chat('Hello'),
          { code: 'invalid-request', status: 400, message: /Said so/ },
          `As ${type ?? 'no type'}`,
        )
      }
    },
  },
  {
    name: 'errors: a refused key names the host, and that keys belong to a region',
    async run({ client, rejectsWith, requests, allowIssues }) {
      allowIssues()
      const expected = { code: 'authentication', status: 401, retryable: false, message: /region/ }
      const error = await rejectsWith(
        client({ apiKey: 'sk-of-another-region', retries: 2 }).chat('Hello'),
        expected,
        'The error',
      )
      assert(error.message.includes(new URL(requests[0]?.url ?? '').host), `It names the host: ${error.message}`)
      equal(requests.length, 1, 'Attempts')
    },
  },
  {
    name: 'errors: the error of a retired model names its successor',
    async run({ client, mock, rejectsWith }) {
      mock.use({
        type: 'error',
        status: 404,
        code: { dashscope: 'ModelNotFound', compatible: 'model_not_found' },
        message: 'Model not exist.',
      })
      await rejectsWith(
        client({}, 'kimi-k2-thinking').chat('Hello'),
        { code: 'not-found', message: /qwen3\.7-plus/ },
        'The error',
      )
    },
  },
  {
    name: 'errors: forbidden values are rejected with the message of the service',
    async run({ client, rejectsWith, allowIssues }) {
      allowIssues()
      const messages = [{ role: 'user' as const, content: 'Hello' }]
      const asking = client({ validate: false }, 'kimi-k2-thinking')
      const expected = { code: 'invalid-request', status: 400, message: /enable_thinking/ }
      await rejectsWith(asking.chat({ messages, thinking: false }), expected, 'In a stream')
      await rejectsWith(
        client({ validate: false }, 'Moonshot-Kimi-K2-Instruct').chat({ messages, thinking: false }),
        expected,
        'Over HTTP',
      )
    },
  },
]
