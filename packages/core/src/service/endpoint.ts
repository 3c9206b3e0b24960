import { DualscopeError } from '../errors.ts'
import { regions, type Region } from '../models/model-info.ts'
import { redactUrl } from '../redact.ts'
import type { TransportOptions } from '../transport.ts'
import { environment } from './environment.ts'
import { isLoopback } from './local-host.ts'

/** How a region is reached. */
interface Place {
  /** The host that all workspaces of the region share; the documents keep it for older programs. */
  classic?: string
  /** The region in the host of a workspace, which the documents recommend; `trial` stands for no workspace of one's own. */
  workspaces?: string
}

/** Model Studio, "Base URL overview", 2026-10-11, and older editions for the finance cloud. */
const places: Readonly<Record<Region, Place>> = {
  beijing: { classic: 'dashscope.aliyuncs.com', workspaces: 'cn-beijing' },
  singapore: { classic: 'dashscope-intl.aliyuncs.com', workspaces: 'ap-southeast-1' },
  virginia: { classic: 'dashscope-us.aliyuncs.com', workspaces: 'us-east-1' },
  frankfurt: { workspaces: 'eu-central-1' },
  tokyo: { workspaces: 'ap-northeast-1' },
  hongkong: { classic: 'cn-hongkong.dashscope.aliyuncs.com', workspaces: 'cn-hongkong' },
  finance: { classic: 'dashscope-finance.aliyuncs.com' },
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

/** Returns the header that names the workspace. The trial host belongs to none. */
export function workspaceHeaders(workspace: string | undefined): Record<string, string> {
  return workspace === undefined || workspace === 'trial' ? {} : { 'x-dashscope-workspace': workspace }
}

/** Returns the region of a host if it is one of the service's own. */
export function regionOf(host: string): Region | undefined {
  const workspaces = /^[A-Za-z0-9-]{1,63}\.([a-z0-9-]+)\.maas\.aliyuncs\.com$/.exec(host)?.[1]
  return regions.find((region) => {
    const place = places[region]
    return place.classic === host || (workspaces !== undefined && place.workspaces === workspaces)
  })
}

/** Whether the workspace is absent or safe to use in a host name. */
function isWorkspace(workspace: string | undefined): boolean {
  return workspace === undefined || /^[A-Za-z0-9-]{1,63}$/.test(workspace)
}

function regionalHost(region: Region = 'beijing', workspace: string | undefined): string {
  if (!regions.includes(region)) {
    throw endpointError(`region: "${region}" is unknown; it can be ${regions.join(', ')}`)
  }
  const { classic, workspaces } = places[region]
  if (workspace !== undefined && workspaces) return `https://${workspace}.${workspaces}.maas.aliyuncs.com`
  if (classic) return `https://${classic}`
  throw endpointError(`region: "${region}" has a host for each workspace only; set workspace too`)
}

// The documents print base URLs with the path of a protocol, and their samples whole ones.
const ownPath = /\/(compatible-mode\/v1(\/chat\/completions)?|api\/v1(\/services\/aigc\/[a-z-]+\/generation)?)$/

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
  return `${origin}${pathname}`.replace(/\/+$/, '').replace(ownPath, '')
}

function endpointError(message: string): DualscopeError {
  return new DualscopeError('configuration', message)
}
