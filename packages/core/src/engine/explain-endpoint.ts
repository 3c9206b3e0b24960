import { hosts, isWorkspace } from '../service/endpoint.ts'
import { DualscopeError } from '../errors.ts'
import { redactUrl } from '../redact.ts'
import type { TransportOptions } from '../transport.ts'

/** What is wrong with the options that say where requests go; `given` is the base URL, if there is one. */
export function explainEndpoint({ region, workspace }: TransportOptions, given: string | undefined): DualscopeError {
  return new DualscopeError('configuration', problem(region, workspace, given))
}

function problem(region = '', workspace: string | undefined, given: string | undefined): string {
  if (!isWorkspace(workspace)) return 'workspace: must be 1 to 63 letters, digits or dashes'
  if (given !== undefined) return `baseUrl: ${problemOf(given)}`
  return Object.hasOwn(hosts, region)
    ? `region: "${region}" has a host for each workspace only; set workspace too`
    : `region: "${region}" is unknown; it can be ${Object.keys(hosts).join(', ')}`
}

function problemOf(given: string): string {
  // What is no web address may be anything, a key included, so it is not shown.
  const url = URL.canParse(given) ? new URL(given) : undefined
  if (url?.protocol !== 'https:' && url?.protocol !== 'http:') return 'must be a URL that begins with https://'
  const shown = redactUrl(given)
  if (url.username !== '' || url.password !== '') return `${shown} holds credentials; give the key as apiKey`
  if (url.search !== '' || url.hash !== '') return `${shown} must end with its path: no query, no fragment`
  return `${shown} would send the key over plain http:; use https:, or allowHttp: true if you know the way there`
}
