import { DualscopeError } from '../errors.ts'
import { redactUrl } from '../redact.ts'
import type { Region, TransportOptions } from '../transport.ts'
import { environment } from './environment.ts'
import { isLoopback } from './local-host.ts'

/**
 * The host of each region (Model Studio, "OpenAI-compatible Chat API reference", late 2026, and older editions for the classic
 * hosts). Regions without a classic host have one for each workspace.
 */
const hosts: Readonly<Record<Region, string | ((workspace: string) => string)>> = {
  beijing: 'https://dashscope.aliyuncs.com',
  singapore: 'https://dashscope-intl.aliyuncs.com',
  virginia: 'https://dashscope-us.aliyuncs.com',
  finance: 'https://dashscope-finance.aliyuncs.com',
  frankfurt: (workspace) => `https://${workspace}.eu-central-1.maas.aliyuncs.com`,
  tokyo: (workspace) => `https://${workspace}.ap-northeast-1.maas.aliyuncs.com`,
  hongkong: (workspace) => `https://${workspace}.cn-hongkong.maas.aliyuncs.com`,
}

/**
 * Returns where requests go: a base URL without a trailing slash, which the routes of a codec follow. Throws
 * `configuration` if the options, or the environment's DASHSCOPE_BASE_URL, do not say it safely.
 */
export function resolveEndpoint({ baseUrl, region, workspace, allowHttp = false }: TransportOptions): string {
  if (!isWorkspace(workspace)) throw endpointError('workspace: must be 1 to 63 letters, digits or dashes')
  const url = baseUrl ?? (region === undefined ? environment('DASHSCOPE_BASE_URL') : undefined)
  return url === undefined ? regionalHost(region, workspace) : checkBaseUrl(String(url), allowHttp)
}

/** Returns the region of a host if it is one of the service's own. */
export function regionOf(host: string): string | undefined {
  const dot = host.indexOf('.')
  return Object.entries(hosts).find(([, known]) =>
    typeof known === 'string' ? known === `https://${host}` : known(host.slice(0, dot)) === `https://${host}`,
  )?.[0]
}

/** Whether the workspace is absent or safe to use in a host name. */
function isWorkspace(workspace: string | undefined): boolean {
  return workspace === undefined || /^[A-Za-z0-9-]{1,63}$/.test(workspace)
}

function regionalHost(region: Region = 'beijing', workspace: string | undefined): string {
  if (!Object.hasOwn(hosts, region)) {
    throw endpointError(`region: "${region}" is unknown; it can be ${Object.keys(hosts).join(', ')}`)
  }
  const host = hosts[region]
  if (typeof host === 'string') return host
  if (workspace) return host(workspace)
  throw endpointError(`region: "${region}" has a host for each workspace only; set workspace too`)
}

function checkBaseUrl(baseUrl: string, allowHttp: boolean): string {
  // Text that is not a web address may be anything, a key included, so it is not shown.
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : undefined
  if (url?.protocol !== 'https:' && url?.protocol !== 'http:') {
    throw endpointError('baseUrl: must be a URL that begins with https://')
  }
  const { protocol, hostname, origin, pathname, username, password, search, hash } = url
  const explain = (reason: string) => endpointError(`baseUrl: ${redactUrl(baseUrl)} ${reason}`)
  if (username || password) throw explain('holds credentials; pass the key as apiKey')
  if (search || hash) throw explain('must end with its path: no query, no fragment')
  if (protocol === 'http:' && !allowHttp && !isLoopback(hostname)) {
    throw explain('would send the key over plain http:; use https:, or allowHttp: true if you know the way there')
  }
  return `${origin}${pathname}`.replace(/\/+$/, '').replace(/\/(compatible-mode|api)\/v1$/, '')
}

function endpointError(message: string): DualscopeError {
  return new DualscopeError('configuration', message)
}
