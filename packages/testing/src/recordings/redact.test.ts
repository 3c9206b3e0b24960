import { expect, test } from 'vitest'

import { redactJson, redactText } from './redact.ts'

const key = 'sk-0123456789abcdef0123456789abcdef'

function withPrompt(content: string) {
  return { model: 'kimi-k2.5', messages: [{ role: 'user', content }] }
}

test('secrets in quotes are masked, and the JSON around them stays whole', async () => {
  const masked = await redactJson(withPrompt(`url = "https://a.test/?Signature=ab%2Fc/d=" + "${key}"`), '')
  expect(masked).toEqual(withPrompt(`url = "https://a.test/?Signature=${'*'.repeat(9)}" + "${'*'.repeat(key.length)}"`))
  const text = JSON.stringify({ text: 'Say "Signature=abc", or oss://dashscope-instant/52afe077/a.png "now"' })
  expect(JSON.parse(redactText(text, ''))).toEqual({
    text: 'Say "Signature=***", or oss://dashscope-instant/********/a.png "now"',
  })
})

test('a slash that JSON escapes does not end a masked signature', () => {
  expect(redactText(String.raw`{"url":"Signature=ab\/cd"}`, '')).toBe('{"url":"Signature=******"}')
})

test('a key that is a placeholder masks no words', async () => {
  const request = withPrompt('Is there any company?')
  expect(await redactJson(request, 'any')).toEqual(request)
  expect(await redactJson(request, 'e')).toEqual(request)
})

test('the key of the request is masked in values and in names', async () => {
  const unusual = 'key-of-a-gateway'
  const asterisks = '*'.repeat(unusual.length)
  expect(await redactJson({ [unusual]: [`Bearer ${unusual}`] }, unusual)).toEqual({
    [asterisks]: [`Bearer ${asterisks}`],
  })
})

test('a prompt that begins with "data:" is kept, and a data URL is replaced by its digest', async () => {
  const prompt = withPrompt('Data: 1, 2, 3. Add them up.')
  expect(await redactJson(prompt, key)).toEqual(prompt)
  expect(await redactJson('data:text/plain;charset=utf-8;base64,aGk=', key)).toMatch(
    /^data:text\/plain;charset=utf-8;base64,\(2 bytes, sha256 [0-9a-f]{64}\)$/,
  )
})
