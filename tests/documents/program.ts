import type { Document } from './document.ts'

/**
 * A document's blocks as one program, in order: a later block sees what an earlier one made, and may name it anew. Each line
 * keeps its number, so that an error names the line of the document. Imports move to the first line.
 */
export function programOf({ text, blocks }: Document): string {
  const lines = text.split('\n').map(() => '')
  const imports = new Imports()
  let depth = 0
  for (const { line, code, runs } of blocks) {
    const end = line + code.length
    lines[line - 1] = runs ? '{' : 'void (async () => {'
    for (const [index, each] of withoutImports(code, imports).entries()) lines[line + index] = each
    lines[end] = runs ? `;process.send?.(${line})` : '})'
    depth += runs ? 1 : 0
  }
  lines[0] = `${imports.text()} ${lines[0]}`
  return [...lines, '}'.repeat(depth), ''].join('\n')
}

function withoutImports(code: readonly string[], imports: Imports): string[] {
  const statement = /^import\s+(?:type\s+)?([^'"]*?)\s+from\s+'([^']+)'.*$|^import\s+'([^']+)'.*$/gm
  return code
    .join('\n')
    .replaceAll(statement, (whole: string, names?: string, from?: string, bare?: string) => {
      imports.add(names ?? '', from ?? bare ?? '', /^import\s+type\s/.test(whole))
      return '\n'.repeat(whole.split('\n').length - 1)
    })
    .split('\n')
}

/** Imports of several blocks, each name once. */
class Imports {
  readonly #statements = new Set<string>()
  readonly #names = new Map<string, Set<string>>()

  add(names: string, from: string, types: boolean): void {
    const [, listed] = /^\{([\s\S]*)\}$/.exec(names) ?? []
    if (listed === undefined) {
      this.#statements.add(names === '' ? `import '${from}'` : `import ${types ? 'type ' : ''}${names} from '${from}'`)
      return
    }
    const all = this.#names.get(from) ?? new Set()
    this.#names.set(from, all)
    for (const name of listed.split(',').map((each) => each.trim())) {
      if (name !== '') all.add(types ? `type ${name}` : name)
    }
  }

  text(): string {
    const listed = [...this.#names].map(([from, names]) => `import { ${[...names].join(', ')} } from '${from}'`)
    return ['export {}', ...this.#statements, ...listed].join('; ') + ';'
  }
}
