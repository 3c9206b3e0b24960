import type { Message, NativeService, PreparedRequest } from '@dualscope/core'

const prefix = '/api/v1/services/aigc/'
const services: readonly NativeService[] = ['text-generation', 'multimodal-generation']

/** Returns the path of a native service. */
export function routeOf(service: NativeService): string {
  return `${prefix}${service}/generation`
}

/** Returns the native service of a path. */
export function serviceOf(route: string): NativeService {
  return services.find((service) => routeOf(service) === route) ?? 'multimodal-generation'
}

/**
 * Lists where a request may be sent: the service in the catalogue, or for an unknown model the one for its content; then
 * the other one, unless the request holds media, which text-generation does not support.
 */
export function routesFor({ modelInfo, messages }: PreparedRequest): readonly string[] {
  const media = messages.some(hasMedia)
  const first = modelInfo?.service ?? (media ? 'multimodal-generation' : 'text-generation')
  const others = services.filter((service) => service !== first && !(media && service === 'text-generation'))
  return [first, ...others].map(routeOf)
}

function hasMedia({ content }: Message): boolean {
  return typeof content !== 'string' && content.some((part) => part.type !== 'text')
}
