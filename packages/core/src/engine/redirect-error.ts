import { DualscopeError } from '../errors.ts'
import { redactUrl } from '../redact.ts'

/** An answer that points elsewhere: nothing is sent there. */
export function redirectError(response: Response, url: string): DualscopeError | undefined {
  if (response.type !== 'opaqueredirect' && (response.status < 300 || response.status > 399)) return undefined
  const location = response.headers.get('location') ?? ''
  const target = URL.canParse(location, url) ? new URL(location, url).origin : 'an address that it does not tell'
  return new DualscopeError('connection', `${redactUrl(url)} redirects to ${target}; redirects are not followed`)
}
