import { readFileSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'

import { build } from 'esbuild'
import type { Browser, Page } from 'playwright-core'

import { start } from './command.ts'
import { inRunFolder } from './run-folder.ts'

const documentPath = join(import.meta.dirname, '../../docs/browsers-and-keys.md')
const permanentKey = 'sk-runtimes'
// More than the ten minutes for which the document's server asks.
const untilExpired = 601_000

/**
 * Runs the server and the page of docs/browsers-and-keys.md as they stand there, in Chromium, until the key has expired and a new one has
 * come. Throws what does not hold.
 */
export async function tryTemporaryKeys(browser: Browser, mockUrl: string, protocol: string): Promise<void> {
  const [serverBlock, pageBlock] = readBlocks()
  const keyServer = await startKeyServer(serverBlock, mockUrl)
  const script = await bundlePage(
    pageBlock.replace("model: 'kimi-k2.5',", `model: 'kimi-k2.5', protocol: '${protocol}',`),
  )
  const site = await serveSite({ script, mockUrl, keyServer: keyServer.firstLine })
  const page = await browser.newPage()
  try {
    const seen = watchKeys(page, mockUrl)
    await page.goto(`http://127.0.0.1:${(site.address() as AddressInfo).port}/`)
    await expectAnswer(page, 'Who are you?', 'You said: Who are you?')
    await putForward(mockUrl, untilExpired)
    await expectAnswer(page, 'And now?', /invalid access token or token expired/)
    await page.clock.setFixedTime(Date.now() + untilExpired)
    await expectAnswer(page, 'Once more', 'You said: Once more')
    if (seen.keys.size !== 2) throw new Error(`expected two temporary keys, saw ${seen.keys.size}`)
    if (seen.texts.some((text) => text.includes(permanentKey))) throw new Error('the page saw the permanent key')
  } finally {
    await putForward(mockUrl, -untilExpired)
    await page.close()
    site.close()
    site.closeAllConnections()
    await keyServer.stop()
  }
}

/** Puts the clock of the mock forward, in ms; what is negative puts it back. */
async function putForward(mockUrl: string, time: number): Promise<void> {
  await fetch(`${mockUrl}/control/forward`, { method: 'POST', body: String(time) })
}

/** The two blocks of the document: the one that creates keys, and the one that uses them. */
function readBlocks(): [string, string] {
  const blocks = [...readFileSync(documentPath, 'utf8').matchAll(/^```ts.*\n([^]*?)^```/gm)].map(
    ([, code = '']) => code,
  )
  const find = (text: string) => {
    const block = blocks.find((code) => code.includes(text))
    if (block === undefined) throw new Error(`no block of docs/browsers-and-keys.md has ${text}`)
    return block
  }
  return [find('await createTemporaryKey('), find('apiKey: temporaryKey')]
}

function startKeyServer(block: string, mockUrl: string) {
  const path = inRunFolder('key-server.ts')
  const announce = "keyServer.on('listening', () => console.log(`http://127.0.0.1:${keyServer.address().port}`))"
  writeFileSync(path, `${block}\n${announce}\n`)
  const env = { PATH: process.env['PATH'], PORT: '0', DASHSCOPE_API_KEY: permanentKey, DASHSCOPE_BASE_URL: mockUrl }
  return start(process.execPath, ['--disable-warning=ExperimentalWarning', path], { env })
}

async function bundlePage(block: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: block, loader: 'ts', resolveDir: inRunFolder() },
    nodePaths: [inRunFolder('node_modules')],
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    platform: 'browser',
    conditions: ['browser'],
    tsconfigRaw: {},
  })
  return outputFiles[0]?.text ?? ''
}

interface Site {
  script: string
  mockUrl: string
  keyServer: string
}

/** Serves the page, and passes `/key` on to the server of the document, as a reverse proxy does. */
async function serveSite({ script, mockUrl, keyServer }: Site): Promise<Server> {
  const html = `<!doctype html>
<meta charset="utf-8">
<title>Temporary keys</title>
<script type="module" src="/page.js"></script>
<body data-base-url="${mockUrl}">
<form><input aria-label="Question"><button>Ask</button></form>
<output></output>
`
  const server = createServer((request, response) => {
    const isScript = request.url === '/page.js'
    if (request.url === '/key') void passOn(`${keyServer}/key`, request, response).catch(() => response.destroy())
    else
      response
        .writeHead(200, { 'content-type': isScript ? 'text/javascript' : 'text/html' })
        .end(isScript ? script : html)
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  return server
}

async function passOn(url: string, { method = 'GET' }: IncomingMessage, response: ServerResponse): Promise<void> {
  const answer = await fetch(url, { method })
  response.writeHead(answer.status, { 'content-type': 'application/json' }).end(await answer.text())
}

/** Collects the keys that the page sends to the service, and all that it sends and reads as text. */
function watchKeys(page: Page, mockUrl: string) {
  const keys = new Set<string>()
  const texts: string[] = []
  page.on('request', (request) => {
    const key = request.headers()['authorization']
    if (request.url().startsWith(mockUrl) && key?.startsWith('Bearer st-')) keys.add(key)
    texts.push(JSON.stringify(request.headers()), request.postData() ?? '')
  })
  page.on('response', (response) => {
    void response.text().then(
      (text) => texts.push(text),
      () => undefined,
    )
  })
  return { keys, texts }
}

async function expectAnswer(page: Page, question: string, answer: string | RegExp): Promise<void> {
  await page.getByLabel('Question').fill(question)
  await page.getByRole('button', { name: 'Ask' }).click()
  await page.locator('output').filter({ hasText: answer }).waitFor({ timeout: 20_000 })
}
