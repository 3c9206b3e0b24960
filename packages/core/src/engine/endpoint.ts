import { environment } from './environment.ts'
import { DualscopeError } from '../errors.ts'
import { redactUrl } from './redact.ts'
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
 * call, as the environment may change; what has been found right is not looked at again.
 */
export function createEndpoint({ baseUrl, region, workspace, allowHttp = false }: TransportOptions): () => string {
  let known: { given: string; base: string } | undefined

  return () => {
    if (workspace !== undefined && !/^[A-Za-z0-9-]{1,63}$/.test(workspace)) {
      throw new DualscopeError('configuration', 'workspace: must be 1 to 63 letters, digits or dashes')
    }
    const given = baseUrl ?? (region === undefined ? environment('DASHSCOPE_BASE_URL') : undefined)
    if (given === undefined) return regionalHost(region ?? 'beijing', workspace)
    const text = String(given)
    if (known?.given !== text) known = { given: text, base: checkedBase(text, allowHttp) }
    return known.base
  }
}

function regionalHost(region: Region, workspace: string | undefined): string {
  const host = Object.hasOwn(hosts, region) ? hosts[region] : undefined
  if (host === undefined) {
    throw new DualscopeError(
      'configuration',
      `region: "${region}" is unknown; it can be ${Object.keys(hosts).join(', ')}`,
    )
  }
  if (typeof host === 'string') return host
  if (workspace === undefined) {
    throw new DualscopeError(
      'configuration',
      `region: "${region}" has a host for each workspace only; set workspace too`,
    )
  }
  return host(workspace)
}

function checkedBase(text: string, allowHttp: boolean): string {
  // What is no web address may be anything, a key included, so it is not shown.
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url?.protocol !== 'https:' && url?.protocol !== 'http:') {
    throw new DualscopeError('configuration', 'baseUrl: must be a URL that begins with https://')
  }
  const refuse = (reason: string) => new DualscopeError('configuration', `baseUrl: ${redactUrl(text)} ${reason}`)
  if (url.username !== '' || url.password !== '') throw refuse('holds credentials; give the key as apiKey')
  if (url.search !== '' || url.hash !== '') throw refuse('must end with its path: no query, no fragment')
  if (url.protocol === 'http:' && !allowHttp && !isLoopback(url.hostname)) {
    throw refuse('would send the key over plain http:; use https:, or allowHttp: true if you know the way there')
  }
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '').replace(/\/(compatible-mode|api)\/v1$/, '')
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
