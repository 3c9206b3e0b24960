import { expect, test } from 'vitest'

import type { ErrorCode } from '../errors.ts'
import { decodeServiceError } from './error.ts'

type Row = readonly [
  status: number,
  code: ErrorCode,
  retries: 'never' | 'once' | 'always',
  serviceCodes: readonly string[],
]

// Model Studio, "Error messages": each code as the documents spell it, native or compatible.
const documented: readonly Row[] = [
  [400, 'invalid-request', 'never', ['InvalidParameter', 'invalid_parameter_error', 'invalid_request_error']],
  [400, 'invalid-request', 'never', ['invalid_value', 'missing_required_parameter']],
  [400, 'invalid-request', 'never', ['InvalidParameter.NotSupportEnableThinking', 'InvalidParameter.DataInspection']],
  [400, 'content-inspection', 'never', ['DataInspectionFailed', 'data_inspection_failed']],
  [400, 'billing', 'never', ['Arrearage']],
  [400, 'invalid-request', 'once', ['InvalidURL', 'InvalidURL.ConnectionRefused', 'InvalidURL.Timeout']],
  [400, 'invalid-request', 'once', ['BadRequest.InputDownloadFailed']],
  [400, 'invalid-request', 'never', ['BadRequest.EmptyInput', 'BadRequest.EmptyParameters', 'BadRequest.EmptyModel']],
  [400, 'invalid-request', 'never', ['BadRequest.IllegalInput', 'BadRequest.TooLarge', 'ServiceUnavailableError']],
  [400, 'invalid-request', 'never', ['InternalError.Algo.InvalidParameter', 'UnsupportedOperation']],
  [400, 'server', 'always', ['ClientDisconnect', 'APIConnectionError']],
  [400, 'content-inspection', 'never', ['FaqRuleBlocked', 'CustomRoleBlocked', 'IPInfringementSuspect']],
  [401, 'authentication', 'never', ['InvalidApiKey', 'invalid_api_key', 'NOT AUTHORIZED']],
  [403, 'permission', 'never', ['AccessDenied', 'access_denied', 'AccessDenied.Unpurchased', 'Model.AccessDenied']],
  [403, 'permission', 'never', ['Workspace.AccessDenied', 'App.AccessDenied']],
  [403, 'billing', 'never', ['AllocationQuota.FreeTierOnly']],
  [
    404,
    'not-found',
    'never',
    ['ModelNotFound', 'model_not_found', 'model_not_supported', 'WorkSpaceNotFound', 'NotFound'],
  ],
  [429, 'rate-limit', 'always', ['Throttling', 'Throttling.RateQuota', 'limit_requests', 'LimitRequests']],
  [429, 'rate-limit', 'always', ['Throttling.BurstRate', 'limit_burst_rate']],
  [429, 'rate-limit', 'always', ['Throttling.AllocationQuota', 'insufficient_quota']],
  [429, 'billing', 'never', ['CommodityNotPurchased', 'PrepaidBillOverdue', 'PostpaidBillOverdue']],
  [500, 'server', 'always', ['InternalError', 'internal_error', 'SystemError', 'InternalError.Timeout']],
  [500, 'server', 'always', ['ModelServiceFailed', 'RewriteFailed', 'InvokePluginFailed', 'InternalError.Algo']],
  [500, 'server', 'always', ['RequestTimeOut', 'ResponseTimeout']],
  [503, 'overloaded', 'always', ['ModelServingError', 'ModelUnavailable']],
]
const rows = documented.flatMap(([status, code, retries, names]) =>
  names.map((serviceCode) => ({ status, code, retries, serviceCode })),
)

test.for(rows)('$serviceCode is $code, repeated $retries', ({ status, code, retries, serviceCode }) => {
  const expected = {
    code,
    status,
    serviceCode,
    retryable: retries !== 'never',
    retryOnce: retries === 'once' || undefined,
  }
  const message = 'as the service says it'
  const native = JSON.stringify({ code: serviceCode, message, request_id: 'r' })
  const compatible = JSON.stringify({ error: { code: serviceCode, message, type: 'invalid_request_error' } })
  expect(decodeServiceError({ status, body: native })).toMatchObject({ ...expected, message, requestId: 'r' })
  expect(decodeServiceError({ status, body: compatible })).toMatchObject({ ...expected, message })
  // In a compatible stream no status is on the wire.
  expect(decodeServiceError({ status: undefined, body: compatible })).toMatchObject(expected)
})

test.for<[ErrorCode, boolean, number, string]>([
  ['context-length', false, 400, 'Range of input length should be [1, 258048]'],
  ['billing', false, 429, 'Free allocated quota exceeded.'],
  ['invalid-request', false, 500, 'list index out of range'],
  ['invalid-request', false, 500, 'Missing Content-Length of multimodal url'],
  ['invalid-request', false, 500, "Expecting ',' delimiter: line 1 column 10 (char 9)"],
])('%s is told by the words', ([code, retryable, status, message]) => {
  const body = JSON.stringify({ code: status === 429 ? 'Throttling' : 'InternalError.Algo', message })
  expect(decodeServiceError({ status, body })).toMatchObject({ code, retryable, status })
})

test.for<[number, ErrorCode, boolean]>([
  [401, 'authentication', false],
  [402, 'billing', false],
  [403, 'permission', false],
  [404, 'not-found', false],
  [413, 'invalid-request', false],
  [429, 'rate-limit', true],
  [502, 'server', true],
  [503, 'overloaded', true],
])('%i without a known code is %s', ([status, code, retryable]) => {
  for (const body of [
    '',
    '<h1>No</h1>',
    '{"error":"no"}',
    '{"message":"no"}',
    '{"error":{"type":"invalid_request_error"}}',
  ]) {
    expect(decodeServiceError({ status, body })).toMatchObject({ code, retryable, status })
  }
})

test.for<[string, string]>([
  ['a sibling', '{"error":{"message":"m","code":"c"},"request_id":"r"}'],
  ['a field of the error', '{"error":{"message":"m","code":"c","request_id":"r"}}'],
  ['in camel case', '{"code":"c","message":"m","requestId":"r"}'],
  ['of a framed body', 'id:1\nevent:error\n:HTTP_STATUS/400\ndata:{"code":"c","message":"m","request_id":"r"}\n\n'],
  ['of a compatible framed body', 'data: {"error":{"code":"c","message":"m"},"request_id":"r"}\n\n'],
])('the request id is found as %s', ([, body]) => {
  expect(decodeServiceError({ status: 400, body })).toMatchObject({ serviceCode: 'c', message: 'm', requestId: 'r' })
})

test("the model's own refusal, wrapped by the gateway, keeps its code and status", () => {
  const message = '<400> InternalError.Algo.InvalidParameter: The content is empty'
  expect(decodeServiceError({ status: undefined, body: JSON.stringify({ error: { message } }) })).toMatchObject({
    code: 'invalid-request',
    status: 400,
    serviceCode: 'InternalError.Algo.InvalidParameter',
  })
})

test('a refusal under a status that tells of success has that of its code', () => {
  expect(decodeServiceError({ status: 200, body: '{"code":"Throttling","message":"m"}' })).toMatchObject({
    status: 429,
  })
  expect(decodeServiceError({ status: 200, body: '{"code":"Unheard","message":"m"}' })).toMatchObject({ status: 500 })
})

test('a body other than JSON is shown as text, short and without markup', () => {
  const page = `<html><head><title>x</title><style>p{}</style></head><body><h1>502  Bad\n Gateway</h1>${'y'.repeat(500)}</body>`
  expect(decodeServiceError({ status: 502, body: page }).message).toMatch(/^502 Bad Gateway y{184}…$/)
  expect(decodeServiceError({ status: 500, body: '' }).message).toBe('The service answered 500 without a reason')
})

test('a hostile body costs no time', () => {
  const start = performance.now()
  for (const piece of ['<', '<head', '<style>', ' ', 'data:', '{"a":']) {
    decodeServiceError({ status: 500, body: piece.repeat(1_000_000 / piece.length) })
    decodeServiceError({ status: 500, body: JSON.stringify({ message: piece.repeat(100_000) }) })
  }
  expect(performance.now() - start).toBeLessThan(2000)
})

function fault(message: string) {
  return decodeServiceError({ status: 400, body: JSON.stringify({ code: 'InvalidParameter', message }) })
}

test.each([
  'Unable to download the media resource during the data inspection process.',
  'Failed to download multimodal content',
  'Download multimodal file timed out',
])('media that could not be fetched may be there the next time: %s', (message) => {
  expect(fault(message)).toMatchObject({ retryable: true, retryOnce: true })
})

test('the wrong path and stream-only models are known by their words', () => {
  expect(fault('url error, please check url!').wrongRoute).toBe(true)
  expect(fault('This model only support stream mode').streamingOnly).toBe(true)
  expect(fault('parameter.enable_thinking must be set to false for non-streaming calls').streamingOnly).toBe(true)
  expect(fault('no').wrongRoute).toBeUndefined()
})

test.each<[number, unknown, string, ErrorCode]>([
  [422, { detail: 'Model is unknown' }, 'Model is unknown', 'invalid-request'],
  [
    422,
    { detail: [{ msg: 'field required' }, { msg: 'not a list' }] },
    'field required; not a list',
    'invalid-request',
  ],
  [400, { title: 'Bad Request', detail: 'No messages' }, 'No messages', 'invalid-request'],
  [401, { error: 'invalid_token', error_description: 'It has expired' }, 'It has expired', 'authentication'],
  [400, { errors: [{ message: 'The first' }, { message: 'The second' }] }, 'The first', 'invalid-request'],
  [400, { error: { message: { message: 'Deep' } } }, 'Deep', 'invalid-request'],
  [400, { errors: ['The first', 'The second'] }, 'The first; The second', 'invalid-request'],
  [400, { error: { error: { message: 'Twice', code: 'Arrearage' } } }, 'Twice', 'billing'],
  [400, [{ error: { message: 'In a list', code: 'InvalidApiKey' } }], 'In a list', 'authentication'],
  [500, '"Quoted text"', 'Quoted text', 'server'],
  [413, 'Request Entity Too Large', 'Request Entity Too Large', 'invalid-request'],
  [529, { error: { type: 'overloaded_error', message: 'Overloaded' } }, 'Overloaded', 'overloaded'],
])("%i with %j: a gateway's own words are found", (status, body, message, code) => {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  expect(decodeServiceError({ status, body: text })).toMatchObject({ message, code })
})
