import { environment } from './environment.ts'
import { loadPart } from '../lazy.ts'
import type { Region, TransportOptions } from '../transport.ts'

/**
 * The host of each region (Model Studio, "OpenAI-compatible Chat API reference", late 2026, and older editions for the classic
 * hosts). Regions without a classic host have one for each workspace.
 */
export const hosts: Readonly<Record<Region, string | ((workspace: string) => string)>> = {
  beijing: 'https://dashscope.aliyuncs.com',
  singapore: 'https://dashscope-intl.aliyuncs.com',
  virginia: 'https://dashscope-us.aliyuncs.com',
  finance: 'https://dashscope-finance.aliyuncs.com',
  frankfurt: (workspace) => `https://${workspace}.eu-central-1.maas.aliyuncs.com`,
  tokyo: (workspace) => `https://${workspace}.ap-northeast-1.maas.aliyuncs.com`,
  hongkong: (workspace) => `https://${workspace}.cn-hongkong.maas.aliyuncs.com`,
}

/**
 * Where requests go: a base URL without a trailing slash, which the routes of a codec follow. It is asked for at each
 * call, as the environment may change; what has been found right is not looked at again. What is wrong is a rejection with a
 * `configuration` error.
 */
export function createEndpoint(options: TransportOptions): () => string | Promise<never> {
  const { baseUrl, region, workspace, allowHttp = false } = options
  let known: { given: string | undefined; base: string } | undefined

  return () => {
    const url = baseUrl ?? (region === undefined ? environment('DASHSCOPE_BASE_URL') : undefined)
    const given = url === undefined ? undefined : String(url)
    if (known && known.given === given) return known.base
    const base = given === undefined ? regionalHost(region, workspace) : baseOf(given, allowHttp)
    if (base === undefined || !isWorkspace(workspace)) return refuse(options, given)
    known = { given, base }
    return base
  }
}

async function refuse(options: TransportOptions, given: string | undefined): Promise<never> {
  const { explainEndpoint } = await loadPart(import('../engine/explain-endpoint.ts'))
  throw explainEndpoint(options, given)
}

/** Whether a workspace is none, or one that may become part of a host. */
export function isWorkspace(workspace: string | undefined): boolean {
  return workspace === undefined || /^[A-Za-z0-9-]{1,63}$/.test(workspace)
}

function regionalHost(region: Region = 'beijing', workspace: string | undefined): string | undefined {
  const host = Object.hasOwn(hosts, region) ? hosts[region] : undefined
  return typeof host === 'function' ? workspace && host(workspace) : host
}

function baseOf(given: string, allowHttp: boolean): string | undefined {
  if (!URL.canParse(given)) return undefined
  const { protocol, hostname, origin, pathname, username, password, search, hash } = new URL(given)
  const safe = protocol === 'https:' || (protocol === 'http:' && (allowHttp || isLoopback(hostname)))
  if (!safe || username || password || search || hash) return undefined
  return `${origin}${pathname}`.replace(/\/+$/, '').replace(/\/(compatible-mode|api)\/v1$/, '')
}

/** Whether a host is this machine: then nothing leaves it. */
export function isLoopback(hostname: string): boolean {
  return (
    hostname === 'localhost' ||
    hostname.endsWith('.localhost') ||
    hostname === '[::1]' ||
    /^127(\.\d+){3}$/.test(hostname)
  )
}
