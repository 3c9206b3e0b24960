import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

import { expect, test } from 'vitest'

import { run, start } from '../../../test/spawn-command.ts'
import { connect } from '../../connect.ts'

test.each(['SIGINT', 'SIGTERM'] as const)(
  'mock serves both protocols on this machine, tells how to reach it and what arrives, and ends with 0 on %s',
  async (signal) => {
    const { child, ended, shows } = start(['mock', '--port', '0', '--key', 'sk-mine'])
    const shown = await shows('curl')
    const [url = ''] = /http:\/\/127\.0\.0\.1:\d+/.exec(shown) ?? []
    expect(shown).toContain(`export DASHSCOPE_BASE_URL=${url} DASHSCOPE_API_KEY=sk-mine`)
    for (const protocol of ['compatible', 'dashscope'] as const) {
      const client = connect({ protocol, baseUrl: url, apiKey: 'sk-mine', model: 'kimi-k2.5' })
      expect(await client.chat('hi')).toMatchObject({ text: 'You said: hi', protocol })
    }
    const stranger = connect({ baseUrl: url, apiKey: 'sk-other', model: 'kimi-k2.5' })
    await expect(stranger.chat('hi')).rejects.toMatchObject({ code: 'authentication' })
    child.kill(signal)
    expect(await ended).toMatchObject({
      code: 0,
      stderr: [
        '200 POST /compatible-mode/v1/chat/completions\n',
        '200 POST /api/v1/services/aigc/multimodal-generation/generation\n',
        '401 POST /compatible-mode/v1/chat/completions\n',
      ].join(''),
    })
  },
)

test('a port in use is reported, with what to do', async () => {
  await using server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const { code, stdout, stderr } = await run(['mock', '--port', String(port)])
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expect(stderr).toBe(
    `error: Port ${port} of 127.0.0.1 is in use.\n   do: Stop the program that uses it, or choose another --port; 0 takes a free one.\n`,
  )
})
