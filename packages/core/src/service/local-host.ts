import { DualscopeError } from '../errors.ts'
import { redactUrl } from '../redact.ts'

/** Whether a host is this machine, so that nothing leaves it. */
export function isLoopback(hostname: string): boolean {
  return (
    hostname === 'localhost' ||
    hostname.endsWith('.localhost') ||
    hostname === '[::1]' ||
    /^127(\.\d+){3}$/.test(hostname)
  )
}

/** Whether a host is this machine, on its own link, or in a private network. */
function isLocal(hostname: string): boolean {
  if (isLoopback(hostname) || hostname.endsWith('.local') || hostname.endsWith('.internal')) return true
  if (hostname.startsWith('[')) {
    const mapped = /^\[::ffff:([\da-f]{1,4}):([\da-f]{1,4})\]$/.exec(hostname)
    if (mapped) return isLocal(dotted(parseInt(mapped[1] ?? '', 16), parseInt(mapped[2] ?? '', 16)))
    // Unspecified, loopback, unique local and link-local addresses.
    return /^\[(::1?\]|f[cd]|fe[89ab])/.test(hostname)
  }
  // RFC 1918, RFC 3927 and RFC 6598, and the unspecified network.
  return /^(0|10|127)\.|^169\.254\.|^192\.168\.|^172\.(1[6-9]|2\d|3[01])\.|^100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\./.test(
    hostname,
  )
}

function dotted(high: number, low: number): string {
  return [high >> 8, high & 255, low >> 8, low & 255].join('.')
}

/**
 * Checks where an upload policy sends a file. Plain http, and hosts of this machine or a private network, are accepted only
 * if the service itself is such a host: otherwise a policy could reach what only this machine can. From a local service no
 * file leaves the network in plain text. Throws `connection`.
 */
export function checkUploadHost(host: string, base: string): void {
  const shown = redactUrl(host)
  const url = URL.canParse(host) ? new URL(host) : undefined
  const service = new URL(base)
  const reason = problemOf(url, { isLocal: isLocal(service.hostname), isPlain: service.protocol === 'http:' })
  if (reason) throw new DualscopeError('connection', `The upload policy names ${shown}; ${reason}`)
}

function problemOf(url: URL | undefined, service: { isLocal: boolean; isPlain: boolean }): string | undefined {
  const isPlainAllowed = url?.protocol === 'http:' && service.isPlain && (isLocal(url.hostname) || !service.isLocal)
  if (!isPlainAllowed && url?.protocol !== 'https:') {
    return 'files are sent over https: only'
  }
  if (url.username || url.password) return 'an address with credentials is not accepted'
  if (isLocal(url.hostname) && !service.isLocal) return 'files are not sent into a private network'
  return undefined
}
