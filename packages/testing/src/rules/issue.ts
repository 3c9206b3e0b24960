import type { Protocol } from '../protocol.ts'

/** An error or a warning about a request. */
export interface Issue {
  /** `error`: refused with `status` and `code`. `warning`: the documents advise against it, without documenting an error. */
  severity: 'error' | 'warning'
  status: number
  /** The service's code, in the spelling of the protocol. */
  code: string
  /** The message of the service. */
  message: string
  /** The place in the body, as `messages.0.content`; empty for the request itself. */
  path: string
}

/** The kinds of error: HTTP status and the code of each protocol ("Error messages" page of Model Studio). */
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

/** A kind of error. */
export type IssueKind = keyof typeof kinds

/** Creates an issue that rejects the request. */
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

/** Returns the message of the service for a field that has no message of its own in the documents. */
export function missingOrInvalid(field: string): string {
  return `Required parameter(${field}) missing or invalid, please check the request parameters.`
}
