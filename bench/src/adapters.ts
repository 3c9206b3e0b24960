import type { Protocol } from './frames.ts'

/** One client under test: `adapters/<id>.ts`. */
export interface AdapterInfo {
  id: string
  title: string
  protocol: Protocol
  kind: 'raw' | 'by-hand' | 'ours' | 'peer'
  /** The packages an application imports. */
  packages: readonly string[]
}

const libraries = ['ky', 'eventsource-parser', 'zod/mini']

/** All of them. */
export const adapters = [
  { id: 'raw-compatible', title: 'raw: fetch + split + JSON.parse', protocol: 'compatible', kind: 'raw', packages: [] },
  { id: 'raw-native', title: 'raw: fetch + split + JSON.parse', protocol: 'native', kind: 'raw', packages: [] },
  {
    id: 'by-hand-compatible',
    title: 'by hand: ky + eventsource-parser + zod/mini',
    protocol: 'compatible',
    kind: 'by-hand',
    packages: libraries,
  },
  {
    id: 'by-hand-native',
    title: 'by hand: ky + eventsource-parser + zod/mini',
    protocol: 'native',
    kind: 'by-hand',
    packages: libraries,
  },
  {
    id: 'ours-compatible',
    title: '**Dualscope**, compatible',
    protocol: 'compatible',
    kind: 'ours',
    packages: ['@dualscope/core', '@dualscope/compatible'],
  },
  {
    id: 'ours-native',
    title: '**Dualscope**, dashscope',
    protocol: 'native',
    kind: 'ours',
    packages: ['@dualscope/core', '@dualscope/dashscope'],
  },
  { id: 'openai', title: 'openai', protocol: 'compatible', kind: 'peer', packages: ['openai'] },
  {
    id: 'ai-alibaba',
    title: 'ai + @ai-sdk/alibaba',
    protocol: 'compatible',
    kind: 'peer',
    packages: ['ai', '@ai-sdk/alibaba'],
  },
  {
    id: 'ai-openai-compatible',
    title: '@ai-sdk/openai-compatible, without ai',
    protocol: 'compatible',
    kind: 'peer',
    packages: ['@ai-sdk/openai-compatible'],
  },
  { id: 'xsai', title: 'xsai', protocol: 'compatible', kind: 'peer', packages: ['xsai'] },
] as const satisfies readonly AdapterInfo[]

/** The baseline of a protocol. */
export function baselineOf(protocol: Protocol): string {
  return `raw-${protocol}`
}
