import { DualscopeError } from '../errors.ts'
import type { TransportRequest } from '../transport.ts'

/** Refuses tools that the service would refuse by their names (both API references of Model Studio, `tools`). */
export function validateTools({ tools = [], toolChoice }: TransportRequest): void {
  const names = tools.map(({ name }) => name)
  for (const [index, name] of names.entries()) {
    const reason = complaint(name, names.indexOf(name), index)
    if (reason) throw new DualscopeError('validation', `tools[${index}].name: ${reason}`)
  }
  if (toolChoice === 'required' && names.length === 0) {
    throw new DualscopeError('validation', 'toolChoice: "required" needs tools to choose from')
  }
  if (typeof toolChoice === 'object' && !names.includes(toolChoice.name)) {
    const known = names.length > 0 ? names.join(', ') : 'none'
    throw new DualscopeError('validation', `toolChoice.name: there is no tool "${toolChoice.name}"; there is ${known}`)
  }
}

function complaint(name: string, first: number, index: number): string | undefined {
  if (!/^[A-Za-z0-9_-]{1,64}$/.test(name)) return `must be 1 to 64 of A-Z a-z 0-9 _ -, got ${JSON.stringify(name)}`
  if (name === 'search') return 'the service refuses "search"; take another name'
  return first < index ? `"${name}" is also the name of tools[${first}]` : undefined
}
