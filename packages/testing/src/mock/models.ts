import { createIssue, type Issue, missingOrInvalid } from '../rules/issue.ts'
import { modelIds, type Model } from '../rules/models.ts'
import type { Exchange, Reply } from './exchange.ts'
import type { MockRequest } from './mock-request.ts'
import { replyJson } from './reply.ts'

// Fixed, so that answers can be compared.
const created = 1_770_000_000

/** Reads the page of a native list. A field is undefined unless it is a whole number from 1. */
function pageOf({ searchParams }: URL): { number: number | undefined; size: number | undefined } {
  const read = (name: string, fallback: number) => {
    const text = searchParams.get(name) ?? String(fallback)
    return /^[1-9]\d{0,8}$/.test(text) ? Number(text) : undefined
  }
  return { number: read('page_no', 1), size: read('page_size', 10) }
}

/** Validates the page of a native list. */
export function judgePage(url: URL): Issue[] {
  const { number, size } = pageOf(url)
  return [
    ...(number === undefined ? [createIssue('dashscope', 'parameter', missingOrInvalid('page_no'), 'page_no')] : []),
    ...(size === undefined ? [createIssue('dashscope', 'parameter', missingOrInvalid('page_size'), 'page_size')] : []),
  ]
}

/** Answers with the list of models, in the shape that the SDKs of each protocol read. Its content is not documented. */
export function replyModels(
  { protocol, url: address }: MockRequest,
  more: Readonly<Record<string, Partial<Model>>>,
  exchange: Exchange,
): Reply {
  const ids = [...new Set([...modelIds, ...Object.keys(more)])]
  if (protocol === 'compatible') {
    const data = ids.map((id) => ({ id, object: 'model', created, owned_by: 'mock' }))
    return replyJson({ object: 'list', data }, 200, exchange)
  }
  const url = new URL(address)
  const name = url.searchParams.get('model')
  const found = name === null ? ids : ids.filter((id) => id === name)
  const { number = 1, size = 10 } = pageOf(url)
  const page = found.slice((number - 1) * size, number * size)
  const output = {
    total: found.length,
    page_no: number,
    page_size: size,
    models: page.map((model) => ({ model, name: model })),
  }
  return replyJson({ output, request_id: exchange.id }, 200, exchange)
}
