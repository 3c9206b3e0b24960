import { exitCode } from './errors.ts'

/** The result of a check, and what to do about it. */
export interface Check {
  name: string
  state: 'ok' | 'warning' | 'failed' | 'skipped'
  message: string
  fix?: string
  /** The exit code of a failed check. @default 1 */
  exit?: number
}

/** Checks the key in the environment. It is never shown. */
export function checkKey(): Check {
  const name = 'key'
  const key = process.env['DASHSCOPE_API_KEY']
  if (!key) {
    return {
      name,
      state: 'failed',
      exit: exitCode.key,
      message: 'DASHSCOPE_API_KEY is not set',
      fix: 'Create a key in the Model Studio console and set it. Without one, use the mock: `dualscope chat --mock`.',
    }
  }
  if (!/^[\x21-\x7E]+$/.test(key)) {
    return {
      name,
      state: 'failed',
      exit: exitCode.key,
      message: 'DASHSCOPE_API_KEY holds a space, a line break or another character that no key has',
      fix: 'Set it again, without quotes or spaces around it.',
    }
  }
  const [prefix] = /^s[kt]-/.exec(key) ?? []
  if (prefix === undefined && !isMockConfigured()) {
    return {
      name,
      state: 'warning',
      message: 'DASHSCOPE_API_KEY is set, but does not begin with sk- or st-',
      fix: 'Check that it is an API key of Model Studio, not an AccessKey of Alibaba Cloud.',
    }
  }
  return { name, state: 'ok', message: `DASHSCOPE_API_KEY is set (${prefix ?? ''}…, ${key.length} characters)` }
}

/** Whether requests go to this machine, where a mock takes any key. */
function isMockConfigured(): boolean {
  return /^http:\/\/(127\.0\.0\.1|localhost)\b/.test(process.env['DASHSCOPE_BASE_URL'] ?? '')
}
