import type { IncomingMessage } from 'node:http'

/**
 * Explains why a request is refused; returns undefined if it may pass. The server listens on the loopback interface, but any
 * page in a browser of this machine can send requests to it:
 *
 * - through a domain that points at 127.0.0.1 (DNS rebinding); then `Host` is that domain,
 * - as a plain form, without a preflight (CSRF); then `Origin` is that page's.
 */
export function refusalOf({ method, headers }: IncomingMessage, port: number): string | undefined {
  const { host, origin } = headers
  if (host !== `127.0.0.1:${port}` && host !== `localhost:${port}`) return `this server is not ${host ?? 'nameless'}`
  if (origin !== undefined && origin !== `http://${host}`) return `pages of ${origin} have no access`
  if (origin === undefined && method !== 'GET') return 'the Origin header is missing'
  return undefined
}
