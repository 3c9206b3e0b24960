import { hosts } from '../service/endpoint.ts'

/** The region of a host, where it is one of the service's own. */
export function regionOf(host: string): string | undefined {
  const dot = host.indexOf('.')
  return Object.entries(hosts).find(([, known]) =>
    typeof known === 'string' ? known === `https://${host}` : known(host.slice(0, dot)) === `https://${host}`,
  )?.[0]
}
