import { modelIds, type Model } from '../rules/models.ts'
import type { Exchange, Reply } from './exchange.ts'
import type { MockRequest } from './mock-request.ts'
import { replyJson } from './reply.ts'

// Fixed, so that answers can be compared.
const created = 1_770_000_000

/** Lists the models, as the SDKs of each protocol ask for them. No document says what the service's own list holds. */
export function replyModels(
  { protocol, url }: MockRequest,
  more: Readonly<Record<string, Partial<Model>>>,
  exchange: Exchange,
): Reply {
  const ids = [...new Set([...modelIds, ...Object.keys(more)])]
  if (protocol === 'compatible') {
    const data = ids.map((id) => ({ id, object: 'model', created, owned_by: 'mock' }))
    return replyJson({ object: 'list', data }, 200, exchange)
  }
  const { searchParams } = new URL(url)
  const name = searchParams.get('model')
  const found = name === null ? ids : ids.filter((id) => id === name)
  const pageNumber = Number(searchParams.get('page_no') ?? 1)
  const pageSize = Number(searchParams.get('page_size') ?? 10)
  const page = found.slice((pageNumber - 1) * pageSize, pageNumber * pageSize)
  const output = {
    total: found.length,
    page_no: pageNumber,
    page_size: pageSize,
    models: page.map((model) => ({ model, name: model })),
  }
  return replyJson({ output, request_id: exchange.id }, 200, exchange)
}
