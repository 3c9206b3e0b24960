import { globSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

/** A fenced block of TypeScript in a document. */
interface Block {
  /** The line of its opening fence, from 1. */
  line: number
  code: readonly string[]
  /** False for `ts no-run`: what needs something that a test has not is only type-checked. */
  runs: boolean
}

export interface Document {
  /** From the root of the repository. */
  path: string
  text: string
  blocks: readonly Block[]
}

export const root = join(import.meta.dirname, '../..')

/** Written from the doc comments, whose examples are fragments: its files are checked, not its blocks and anchors. */
export const generated = /^docs\/api\//

const left = /(^|\/)(node_modules|dist|coverage|CHANGELOG\.md|\.[^/]*)(\/|$)/

/** Every document of the repository, whatever stands in it. */
export function readDocuments(): Document[] {
  const paths = globSync('**/*.md', { cwd: root, exclude: (name) => left.test(basename(name)) })
  return paths
    .filter((path) => !left.test(path))
    .toSorted()
    .map((path) => {
      const text = readFileSync(join(root, path), 'utf8')
      return { path, text, blocks: generated.test(path) ? [] : readBlocks(text, path) }
    })
}

/** The blocks whose fence says `ts`; anything behind it but `no-run` is a mistake. */
function readBlocks(text: string, path: string): Block[] {
  const blocks: Block[] = []
  let open: { fence: string; block: (Block & { code: string[] }) | undefined } | undefined
  for (const [index, line] of text.split('\n').entries()) {
    const [, fence = '', info = ''] = /^\s*(`{3,})\s*(.*?)\s*$/.exec(line) ?? []
    if (open && fence.length >= open.fence.length && info === '') {
      if (open.block) blocks.push(open.block)
      open = undefined
    } else if (open) {
      open.block?.code.push(line)
    } else if (fence) {
      const [language, ...marks] = info.split(' ')
      const typescript = /^(ts|tsx|typescript|mts)$/i.test(language ?? '')
      if (typescript && (language !== 'ts' || !['', 'no-run'].includes(marks.join(' ')))) {
        throw new Error(`${path}:${index + 1}: a block is \`ts\` or \`ts no-run\`, not \`${info}\``)
      }
      const block = typescript ? { line: index + 1, code: [], runs: marks.length === 0 } : undefined
      open = { fence, block }
    }
  }
  if (open) throw new Error(`${path}: a block does not end`)
  return blocks
}

/** The targets of its links within the repository, as written. */
export function relativeLinks({ text }: Document): string[] {
  const prose = text.replaceAll(/^\s*(`{3,})[\s\S]*?^\s*\1\s*$/gm, '').replaceAll(/`[^`\n]*`/g, '')
  const targets = [...prose.matchAll(/\]\(([^)\s]+)\)|(?:src|href)="([^"]+)"/g)].map(([, a, b]) => a ?? b ?? '')
  return targets.filter((target) => !/^[a-z]+:/i.test(target))
}

/** The file and the anchor that a link means. */
export function resolveLink({ path }: Document, target: string): { file: string; anchor: string | undefined } {
  const [file = '', anchor] = target.split('#')
  return { file: file === '' ? join(root, path) : join(root, dirname(path), decodeURIComponent(file)), anchor }
}

/** The link targets of a page: its headings as GitHub names them, and the ids that it sets. */
export function anchorsOf(text: string): Set<string> {
  const counts = new Map<string, number>()
  const headings = [...text.matchAll(/^#+\s+(.*)$/gm)].map(([, heading = '']) => {
    const slug = heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replaceAll(/\s/g, '-')
    const count = counts.get(slug) ?? 0
    counts.set(slug, count + 1)
    return count === 0 ? slug : `${slug}-${count}`
  })
  return new Set([...headings, ...[...text.matchAll(/<a id="([^"]+)">/g)].map(([, id = '']) => id)])
}
