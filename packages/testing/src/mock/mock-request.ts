import type { Protocol, Service } from '../protocol.ts'
import type { Issue } from '../rules/issue.ts'

/** A request that arrived at the mock. */
export interface MockRequest {
  /**
   * `policy` and `upload` are the two steps of an upload, `token` asks for a temporary key; `unknown` is a path that the service does
   * not have.
   */
  endpoint: 'chat' | 'policy' | 'upload' | 'token' | 'unknown'
  /** Undefined for uploads and temporary keys, which both protocols share. */
  protocol: Protocol | undefined
  /** Natively, the service of the path. */
  service: Service | undefined
  method: string
  url: string
  path: string
  /** With lower-case names; the value of a key is left out. */
  headers: Readonly<Record<string, string>>
  /** Parsed JSON; the text of anything else; the fields of an upload's form. */
  body: unknown
  /** Whether a stream was asked for. */
  stream: boolean
  /** The model that was asked, where the request names one. */
  model: string | undefined
  /** The service's objections; empty for a valid request. */
  issues: readonly Issue[]
}

/** The headers of a request, without the key. */
export function headersOf(headers: Headers): Record<string, string> {
  return Object.fromEntries(
    [...headers].map(([name, value]) => [
      name,
      /^(authorization|cookie|proxy-authorization)$/.test(name) ? value.replace(/\S+$/, '***') : value,
    ]),
  )
}
