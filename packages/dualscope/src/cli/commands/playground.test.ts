import { expect, test } from 'vitest'

import { run, start } from '../../../test/spawn-command.ts'

test('playground serves its page, says that a mock answers, and ends with 0 on Ctrl-C', async () => {
  const { child, ended, shows } = start(['playground', '--port', '0'])
  const shown = await shows('A local mock answers')
  const [url = ''] = /http:\/\/127\.0\.0\.1:\d+\//.exec(shown) ?? []
  const page = await fetch(url)
  expect(page.status).toBe(200)
  expect(await page.text()).toContain('<title>Dualscope playground</title>')
  const script = await fetch(new URL('page.js', url))
  expect(script.headers.get('content-type')).toContain('javascript')
  child.kill('SIGINT')
  expect(await ended).toMatchObject({ code: 0, stderr: '' })
})

test('playground with a key that no header can hold ends with 3', async () => {
  const { code, stderr } = await run(['playground', '--port', '0'], { env: { DASHSCOPE_API_KEY: 'sk-a\n' } })
  expect({ code, stderr }).toEqual({ code: 3, stderr: expect.stringContaining('line break') })
})
