import type { Protocol } from '../protocol.ts'

/** An objection of the service to a request. */
export interface Issue {
  /** `error`: refused with `status` and `code`. `warning`: the documents advise against it, no refusal is documented. */
  severity: 'error' | 'warning'
  status: number
  /** The service's code, in the spelling of the protocol. */
  code: string
  /** The service's words. */
  message: string
  /** The place in the body, as `messages.0.content`; empty for the request itself. */
  path: string
}

/** A kind of refusal: its HTTP status and what each protocol calls it ("Error messages" page of Model Studio). */
const kinds = {
  parameter: { status: 400, compatible: 'invalid_parameter_error', dashscope: 'InvalidParameter' },
  thinking: {
    status: 400,
    compatible: 'InvalidParameter.NotSupportEnableThinking',
    dashscope: 'InvalidParameter.NotSupportEnableThinking',
  },
  json: { status: 400, compatible: 'invalid_request_error', dashscope: 'BadRequest.IllegalInput' },
  model: { status: 400, compatible: 'invalid_request_error', dashscope: 'BadRequest.EmptyModel' },
  input: { status: 400, compatible: 'missing_required_parameter', dashscope: 'BadRequest.EmptyInput' },
  url: { status: 400, compatible: 'invalid_parameter_error', dashscope: 'InvalidParameter' },
  key: { status: 401, compatible: 'invalid_api_key', dashscope: 'InvalidApiKey' },
  access: { status: 403, compatible: 'access_denied', dashscope: 'AccessDenied' },
  unknown: { status: 404, compatible: 'model_not_found', dashscope: 'ModelNotFound' },
  download: { status: 400, compatible: 'invalid_parameter_error', dashscope: 'InvalidParameter.DataInspection' },
  found: { status: 404, compatible: 'NotFound', dashscope: 'NotFound' },
  requests: { status: 429, compatible: 'limit_requests', dashscope: 'Throttling.RateQuota' },
  tokens: { status: 429, compatible: 'insufficient_quota', dashscope: 'Throttling.AllocationQuota' },
  method: { status: 400, compatible: 'invalid_request_error', dashscope: 'InvalidParameter' },
} as const

/** The kinds of refusal that the mock knows. */
export type IssueKind = keyof typeof kinds

/** Makes the issue that refuses a request. */
export function createIssue(protocol: Protocol, kind: IssueKind, message: string, path = ''): Issue {
  const { status, [protocol]: code } = kinds[kind]
  return { severity: 'error', status, code, message, path }
}

/** Creates an issue that is listed but does not reject the request. */
export function warn(message: string, path: string): Issue {
  return {
    severity: 'warning',
    status: 200,
    code: '',
    message,
    path,
  }
}

/** The service's words where the documents have none of their own for a field. */
export function missingOrInvalid(field: string): string {
  return `Required parameter(${field}) missing or invalid, please check the request parameters.`
}
