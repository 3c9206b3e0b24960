// A conversation on a pseudo-terminal, as a person holds it.
import { mkdtempDisposable, readFile, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { createMock, faults } from '@dualscope/testing'
import { listen, type ListeningMock } from '@dualscope/testing/server'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'

import { hasTerminal, run, type Running, start } from '../../../test/spawn-command.ts'

const png =
  'iVBORw0KGgoAAAANSUhEUgAAABAAAAAQCAIAAACQkWg2AAAAFklEQVR4nGOMSdjAQApgIkn1qIZRDUNKAwAzpAFPwGqDjwAAAABJRU5ErkJggg=='
const ctrlC = '\u0003'
const ctrlD = '\u0004'
const up = '\u001B[A'
const prompt = '\u001B[0J> '

const mock = createMock()
let server: ListeningMock
let folder: Awaited<ReturnType<typeof mkdtempDisposable>>
let env: Record<string, string>

beforeAll(async () => {
  server = await listen(mock)
  folder = await mkdtempDisposable(join(tmpdir(), 'dualscope-'))
  env = {
    DASHSCOPE_API_KEY: 'sk-any',
    DASHSCOPE_BASE_URL: server.url,
    NO_COLOR: '1',
    XDG_DATA_HOME: folder.path,
  }
})
afterEach(() => mock.reset())
afterAll(async () => {
  await server.close()
  await folder.remove()
})

function lastFile() {
  return join(folder.path, 'dualscope', 'last-conversation.json')
}

function messagesOf(index: number): unknown {
  return (mock.requests[index]?.body as { messages?: unknown } | undefined)?.messages
}

/** Starts a conversation and waits until it reads a line. */
async function open(...words: string[]) {
  const { child, ended }: Running = start(['chat', ...words], { env, terminal: true })
  let output = ''
  let read = 0
  child.stdout?.on('data', (text: string) => {
    output += text
  })
  /** Waits for a text after the ones before. */
  const shows = async (text: string) => {
    await expect.poll(() => output.slice(read), { timeout: 20_000 }).toContain(text)
    read = output.indexOf(text, read) + text.length
  }
  const type = (text: string) => child.stdin?.write(text)
  await shows('/help lists the commands')
  await shows(prompt)
  return {
    ended,
    shows,
    type,
    /** Enters a line, and waits for what it shows and for the next prompt. */
    async say(text: string, shown: string) {
      type(`${text}\r`)
      await shows(shown)
      await shows(prompt)
    },
    /** Ends the conversation as Ctrl-D does. */
    async leave() {
      type(ctrlD)
      expect((await ended).code).toBe(0)
    },
  }
}

describe.skipIf(!hasTerminal)('a conversation', () => {
  test('sends the earlier turns, and ends with 0 on Ctrl-D', async () => {
    const { say, leave } = await open('--system', 'Be brief.')
    await say('One.', 'You said: One.')
    await say(' /two', 'You said: /two')
    await leave()
    expect(messagesOf(1)).toEqual([
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'One.' },
      { role: 'assistant', content: 'You said: One.' },
      { role: 'user', content: '/two' },
    ])
  })

  test('goes on after Ctrl-C, with the interrupted answer in its history', async () => {
    const { say, type, shows, ended } = await open()
    mock.use({ text: ['Some ', 'words ', 'more'], fault: faults.stall(3) })
    type('Count.\r')
    await shows('Some words')
    type(ctrlC)
    await shows('Interrupted after')
    await shows(prompt)
    await expect.poll(() => mock.openResponses).toBe(0)
    await say('Go on.', 'You said: Go on.')
    type(`/quit\r`)
    expect((await ended).code).toBe(0)
    expect(messagesOf(1)).toEqual([
      { role: 'user', content: 'Count.' },
      { role: 'assistant', content: expect.stringMatching(/^Some words/) },
      { role: 'user', content: 'Go on.' },
    ])
  })

  test('goes on after an error, without the failed turn', async () => {
    const { say, leave } = await open()
    mock.use({ type: 'error', status: 400, code: 'InvalidParameter', message: 'Not like this.' })
    await say('Bad.', 'Not like this.')
    await say('Good.', 'You said: Good.')
    await leave()
    expect(messagesOf(1)).toEqual([{ role: 'user', content: 'Good.' }])
  })

  test('names its own commands in the advice of an error', async () => {
    const { say, leave } = await open()
    await say('/model kimi-k3', 'Model: kimi-k3')
    await say('/thinking off', 'Thinking: off')
    await say('Hi.', 'try another /protocol or /model')
    await leave()
    expect(mock.requests).toEqual([])
  })

  test('changes model, protocol, thinking and system prompt by commands', async () => {
    const { say, leave } = await open()
    await say('/model kimi-k2.6', 'Model: kimi-k2.6')
    await say('/protocol dashscope', 'Protocol: dashscope')
    await say('/protocol grpc', 'grpc is not a protocol.')
    await say('/thinking 300', 'Thinking: at most 300 tokens')
    await say('/system Be kind.', 'System prompt: Be kind.')
    await say('/nonsense', 'Unknown command /nonsense.')
    await say('Hello.', 'You said: Hello.')
    await say('/cost', 'tokens in, ')
    await leave()
    expect(mock.requests.map(({ protocol, body }) => [protocol, body])).toEqual([
      [
        'dashscope',
        expect.objectContaining({
          model: 'kimi-k2.6',
          input: { messages: [expect.objectContaining({ role: 'system' }), expect.objectContaining({ role: 'user' })] },
          parameters: expect.objectContaining({ enable_thinking: true, thinking_budget: 300 }),
        }),
      ],
    ])
  })

  test('adds an image to the next message, and its save file loads again', async () => {
    const image = join(folder.path, 'my bird.png')
    const file = join(folder.path, 'saved.json')
    await writeFile(image, Buffer.from(png, 'base64'))
    const first = await open()
    await first.say(`/image ${join(folder.path, 'none.png')}`, 'ENOENT')
    await first.say(`/image "${image}"`, 'my bird.png (1 kB): attached')
    await first.say('Look.', 'I see 1 image.')
    await first.say(`/save ${image}`, 'exists and is not a saved conversation')
    await first.say(`/save ${file}`, 'Saved to')
    await first.say(`/save ${file}`, 'Saved to')
    await first.leave()
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    expect(await readFile(file, 'utf8')).toContain('my bird.png')

    const second = await open()
    await second.say(`/load ${file}`, 'Loaded 2 messages.')
    await second.say('Again.', 'You said: Again.')
    await second.leave()
    expect(JSON.stringify(messagesOf(1))).toContain(png)
  })

  test('refuses to load what is not a saved conversation', async () => {
    const file = join(folder.path, 'other.json')
    await writeFile(file, '{"version":1}')
    const { say, leave } = await open()
    await say(`/load ${file}`, 'is not a saved conversation')
    await leave()
    expect(mock.requests).toEqual([])
  })

  test('takes several lines: a backslash, a fence and a paste are one message each', async () => {
    const { say, type, shows, leave } = await open()
    type('a\\\r')
    await say('b', 'You said: a\r\nb')
    type('"""\rc\r\r')
    await say('d"""', 'You said: c')
    type('\u001B[200~e\nf\u001B[201~')
    await shows('… ')
    await say('', 'You said: e\r\nf')
    await leave()
    expect(mock.requests.map((_, index) => (messagesOf(index) as { content: string }[]).at(-1)?.content)).toEqual([
      'a\nb',
      'c\n\nd',
      'e\nf',
    ])
  })

  test('keeps input lines for the next one, and completes commands and file names', async () => {
    const first = await open()
    await first.say('Remember me.', 'You said: Remember me.')
    await first.leave()
    await writeFile(join(folder.path, 'unique-name.txt'), 'The text of the file.')
    const second = await open()
    // Keys that arrive together are taken for a paste, which completes nothing.
    second.type('/fi')
    await second.shows('/fi')
    second.type('\t')
    await second.shows('le ')
    second.type(join(folder.path, 'uniq'))
    await second.shows('/uniq')
    second.type('\t')
    await second.shows('ue-name.txt')
    await second.say('', 'unique-name.txt (1 kB): attached')
    second.type(`${up}${up}`)
    await second.say('', 'You said: File unique-name.txt:')
    await second.leave()
    expect(JSON.stringify(messagesOf(1))).toMatch(/The text of the file\..*Remember me\./)
  })

  test('--continue continues the last conversation, also with a single prompt', async () => {
    const first = await open('--model', 'kimi-k2.6')
    await first.say('My name is Ada.', 'You said: My name is Ada.')
    await first.leave()
    const second = await open('--continue')
    await second.say('My name?', 'You said: My name?')
    await second.leave()
    const third = await run(['chat', '--continue', 'And now?'], { env })
    expect(third).toMatchObject({ code: 0, stdout: 'You said: And now?\n' })
    expect(mock.requests[2]?.body).toMatchObject({ model: 'kimi-k2.6' })
    expect(messagesOf(2)).toHaveLength(5)
    expect((await stat(lastFile())).mode & 0o777).toBe(0o600)
  })

  test('--no-history leaves nothing on disk', async () => {
    const before = await readFile(lastFile(), 'utf8')
    const { say, leave } = await open('--no-history')
    await say('A secret.', 'You said: A secret.')
    await leave()
    expect(await readFile(lastFile(), 'utf8')).toBe(before)
    expect(await readFile(join(folder.path, 'dualscope', 'input-history.json'), 'utf8')).not.toContain('secret')
  })

  test('starts after the question whether the mock may answer', async () => {
    const { child, ended, shows } = start(['chat', '--no-history'], { terminal: true, env: { NO_COLOR: '1' } })
    await shows('Use the local mock')
    child.stdin?.write('\r')
    await shows(prompt)
    child.stdin?.write('Hello.\r')
    await shows('You said: Hello.')
    child.stdin?.write('/quit\r')
    expect((await ended).code).toBe(0)
  })

  test('goes on if it cannot be saved, and warns once', async () => {
    const file = join(folder.path, 'a-file')
    await writeFile(file, '')
    const { child, ended, shows } = start(['chat'], { terminal: true, env: { ...env, XDG_DATA_HOME: file } })
    await shows('/help lists the commands')
    child.stdin?.write('One.\r')
    await shows('You said: One.')
    await shows('Cannot write')
    child.stdin?.write('Two.\r')
    await shows('You said: Two.')
    child.stdin?.write('/quit\r')
    const { code, stdout } = await ended
    expect(code).toBe(0)
    expect(stdout.match(/Cannot write/g)).toHaveLength(1)
  })

  test('leaves on the second Ctrl-C at an empty prompt', async () => {
    const { type, shows, ended } = await open()
    type(`half a line${ctrlC}`)
    await shows('^C')
    type(ctrlC)
    await shows('Press Ctrl-C again')
    type(ctrlC)
    expect((await ended).code).toBe(0)
    expect(mock.requests).toEqual([])
  })
})

test('--continue without a conversation says so and ends with 2', async () => {
  const { code, stderr } = await run(['chat', '--continue', 'hi'], {
    env: { ...env, XDG_DATA_HOME: join(folder.path, 'empty') },
  })
  expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('There is no conversation to continue') })
})
