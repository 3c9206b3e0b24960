import { environment } from './environment.ts'
import { DualscopeError } from '../errors.ts'
import type { TransportOptions } from '../transport.ts'

/** The key of a call, read anew each time so that it can be rotated. */
export function resolveKey(apiKey: TransportOptions['apiKey']): string | Promise<string> {
  if (typeof apiKey === 'function') return ask(apiKey).then(checked)
  return checked(apiKey ?? environment('DASHSCOPE_API_KEY'))
}

function checked(key: string | undefined): string {
  if (!key || typeof key !== 'string') {
    throw new DualscopeError('configuration', 'apiKey: missing; pass apiKey or set DASHSCOPE_API_KEY')
  }
  // Checked here, because the error of a refused header would print the key.
  if (!/^[\x21-\x7E]+$/.test(key)) {
    throw new DualscopeError(
      'configuration',
      'apiKey: holds a space, a line break or another character that no key has',
    )
  }
  return key
}

async function ask(apiKey: () => string | Promise<string>): Promise<string> {
  try {
    return await apiKey()
  } catch (error) {
    throw new DualscopeError('configuration', 'apiKey: the function threw', { cause: error })
  }
}
