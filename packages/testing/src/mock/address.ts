import type { Protocol, Service } from '../protocol.ts'

/** The target of a path of the service. */
export type Address =
  | { endpoint: 'chat'; protocol: Protocol; service: Service | undefined }
  | { endpoint: 'policy' }
  | { endpoint: 'token' }
  | { endpoint: 'upload' }
  | { endpoint: 'models'; protocol: Protocol }
  | { endpoint: 'unknown'; protocol: Protocol }

/** The path of uploads to the mock; the service has a separate host for them. */
export const uploadPath = '/mock-oss'

const paths: Readonly<Record<string, Address>> = {
  '/compatible-mode/v1/chat/completions': { endpoint: 'chat', protocol: 'compatible', service: undefined },
  '/api/v1/services/aigc/text-generation/generation': {
    endpoint: 'chat',
    protocol: 'dashscope',
    service: 'text-generation',
  },
  '/api/v1/services/aigc/multimodal-generation/generation': {
    endpoint: 'chat',
    protocol: 'dashscope',
    service: 'multimodal-generation',
  },
  '/compatible-mode/v1/models': { endpoint: 'models', protocol: 'compatible' },
  '/api/v1/models': { endpoint: 'models', protocol: 'dashscope' },
  '/api/v1/uploads': { endpoint: 'policy' },
  '/api/v1/tokens': { endpoint: 'token' },
  [uploadPath]: { endpoint: 'upload' },
}

/** Reads the path of a request. */
export function readAddress(pathname: string): Address {
  return (
    paths[pathname.replace(/\/$/, '')] ?? {
      endpoint: 'unknown',
      protocol: pathname.startsWith('/compatible-mode/') ? 'compatible' : 'dashscope',
    }
  )
}
