import type { IncomingMessage } from 'node:http'

/**
 * Why a request is refused; undefined lets it pass. The server answers this machine alone, yet any page that is open in a
 * browser here can send requests to it:
 *
 * - by a name of its own that it has pointed at 127.0.0.1 (DNS rebinding); then `Host` is that name,
 * - as a plain form, which needs nobody's permission (CSRF); then `Origin` is that page's.
 */
export function refusalOf({ method, headers }: IncomingMessage, port: number): string | undefined {
  const { host, origin } = headers
  if (host !== `127.0.0.1:${port}` && host !== `localhost:${port}`) return `this server is not ${host ?? 'nameless'}`
  if (origin !== undefined && origin !== `http://${host}`) return `pages of ${origin} may not ask here`
  if (origin === undefined && method !== 'GET') return 'the Origin header is missing'
  return undefined
}
