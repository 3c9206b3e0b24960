import { abortable } from '../async/abort.ts'
import { DualscopeError } from '../errors.ts'
import type { TransportOptions } from '../transport.ts'
import { environment } from './environment.ts'

/** Returns the key of a call. It is read anew each time, so that it can be rotated. Throws `configuration` without a valid key. */
export async function resolveKey(apiKey: TransportOptions['apiKey'], signal: AbortSignal): Promise<string> {
  if (typeof apiKey === 'function') return checkKey(await abortable(callForKey(apiKey), signal))
  return checkKey(apiKey ?? environment('DASHSCOPE_API_KEY'))
}

function checkKey(key: unknown): string {
  if (key !== undefined && typeof key !== 'string') {
    // The value may be secret.
    const got = key instanceof Promise ? 'a promise; await it' : typeof key
    throw new DualscopeError('configuration', `apiKey: must be text, or a function that returns it, got ${got}`)
  }
  if (!key) {
    throw new DualscopeError('configuration', 'apiKey: missing; pass apiKey or set DASHSCOPE_API_KEY')
  }
  // Checked here, because the error for an invalid header would print the key.
  if (!/^[\x21-\x7E]+$/.test(key)) {
    throw new DualscopeError(
      'configuration',
      'apiKey: holds a space, a line break or another character that no key has',
    )
  }
  return key
}

async function callForKey(apiKey: () => string | Promise<string>): Promise<string> {
  try {
    return await apiKey()
  } catch (error) {
    throw new DualscopeError('configuration', 'apiKey: the function threw', { cause: error })
  }
}
