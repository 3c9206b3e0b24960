import type { ErrorCode } from '../errors.ts'

/** The meaning of a service code for a caller. */
export interface Classification {
  code: ErrorCode
  /** Its documented status, for streams that state none. */
  status: number
  retry: 'never' | 'once' | 'always'
}

// Model Studio, "Error messages": the native code first, the compatible one after it, without case and punctuation.
// Whether a retry helps is documented for the throttles and server faults, and inferred for the rest.
const rows: readonly (readonly [ErrorCode, number, Classification['retry'], string])[] = [
  [
    'invalid-request',
    400,
    'never',
    'invalidparameter invalidparametererror invalidrequesterror invalidvalue missingrequiredparameter',
  ],
  [
    'invalid-request',
    400,
    'never',
    'invalidparameternotsupportenablethinking invalidparameterdatainspection internalerroralgoinvalidparameter',
  ],
  [
    'invalid-request',
    400,
    'never',
    'badrequestemptyinput badrequestemptyparameters badrequestemptymodel badrequestillegalinput badrequesttoolarge',
  ],
  // Despite its name a mistake in a role or content.
  ['invalid-request', 400, 'never', 'serviceunavailableerror unsupportedoperation'],
  // The service could not fetch a media URL.
  [
    'invalid-request',
    400,
    'once',
    'invalidurl invalidurlconnectionrefused invalidurltimeout badrequestinputdownloadfailed',
  ],
  ['context-length', 400, 'never', 'contextlengthexceeded'],
  ['content-inspection', 400, 'never', 'datainspectionfailed faqruleblocked customroleblocked ipinfringementsuspect'],
  ['billing', 400, 'never', 'arrearage'],
  ['server', 400, 'always', 'clientdisconnect apiconnectionerror'],
  ['authentication', 401, 'never', 'invalidapikey notauthorized'],
  [
    'permission',
    403,
    'never',
    'accessdenied accessdeniedunpurchased modelaccessdenied workspaceaccessdenied appaccessdenied',
  ],
  ['billing', 403, 'never', 'allocationquotafreetieronly'],
  ['not-found', 404, 'never', 'modelnotfound modelnotsupported workspacenotfound notfound'],
  ['rate-limit', 429, 'always', 'throttling throttlingratequota limitrequests throttlingburstrate limitburstrate'],
  // "insufficient_quota" sounds final, but it is tokens per minute.
  ['rate-limit', 429, 'always', 'throttlingallocationquota insufficientquota'],
  ['billing', 429, 'never', 'commoditynotpurchased prepaidbilloverdue postpaidbilloverdue'],
  [
    'server',
    500,
    'always',
    'internalerror systemerror internalerrortimeout modelservicefailed rewritefailed invokepluginfailed',
  ],
  ['server', 500, 'always', 'internalerroralgo requesttimeout responsetimeout'],
  ['overloaded', 503, 'always', 'modelservingerror modelunavailable'],
]

const classifications: ReadonlyMap<string, Classification> = new Map(
  rows.flatMap(([code, status, retry, names]) => names.split(' ').map((name) => [name, { code, status, retry }])),
)

/** Returns what the documents say about a service code, in either protocol's spelling. */
export function lookUpServiceCode(serviceCode: string | undefined): Classification | undefined {
  return serviceCode === undefined
    ? undefined
    : classifications.get(serviceCode.replaceAll(/[^a-z]/gi, '').toLowerCase())
}
