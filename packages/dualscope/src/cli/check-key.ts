import type { Check } from './checks.ts'

/** Whether there is a key in the environment, and whether it looks like one. It is never shown. */
export function checkKey(): Check {
  const name = 'key'
  const key = process.env['DASHSCOPE_API_KEY']
  if (!key) {
    return {
      name,
      state: 'failed',
      told: 'DASHSCOPE_API_KEY is not set',
      todo: 'Make a key in the Model Studio console and set it. Without one, the mock answers: `dualscope chat --mock`.',
    }
  }
  if (!/^[\x21-\x7E]+$/.test(key)) {
    return {
      name,
      state: 'failed',
      told: 'DASHSCOPE_API_KEY holds a space, a line break or another character that no key has',
      todo: 'Set it again, without quotes or blanks around it.',
    }
  }
  if (!key.startsWith('sk-')) {
    return {
      name,
      state: 'warning',
      told: 'DASHSCOPE_API_KEY is set, but does not begin with sk-',
      todo: 'Check that it is an API key of Model Studio, not an AccessKey of Alibaba Cloud.',
    }
  }
  return { name, state: 'ok', told: `DASHSCOPE_API_KEY is set (sk-…, ${key.length} characters)` }
}
