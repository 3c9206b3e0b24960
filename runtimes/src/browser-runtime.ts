import { readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { extname, join } from 'node:path'

import type { Browser } from 'playwright-core'

import type { Outcome } from './outcome.ts'
import { inRunFolder } from './run-folder.ts'
import type { Runtime } from './runtime.ts'

// All that the library may ask a preflight for: the key, JSON, and what the service's own documents prescribe.
const needed = new Set(['authorization', 'content-type', 'x-dashscope-sse', 'x-dashscope-ossresourceresolve'])

const picture = join(import.meta.dirname, '../../examples/media/house.png')

function html(mockUrl: string): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Cases</title>
<script type="module" src="/page.js"></script>
<body data-mock="${mockUrl}">
<label>Picture <input type="file" id="picture"></label>
<pre id="outcomes"></pre>
`
}

/** Serves the page, from another origin than the mock's, under a policy that allows neither inline script nor eval. */
async function servePage(mockUrl: string): Promise<{ server: Server; url: string }> {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost')
    const script = extname(pathname) === '.js'
    response.writeHead(script || pathname === '/' ? 200 : 404, {
      'content-type': script ? 'text/javascript' : 'text/html',
      'content-security-policy': `default-src 'none'; script-src 'self'; connect-src ${mockUrl}`,
    })
    if (script) response.end(readFileSync(inRunFolder('programs', pathname)))
    else response.end(pathname === '/' ? html(mockUrl) : '')
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const address = server.address()
  return { server, url: `http://localhost:${typeof address === 'object' && address ? address.port : 0}/` }
}

/** A browser as a runtime; the headers that its preflights asked for are added to `preflights`. */
export function browserRuntime(browser: Browser, preflights: Set<string>): Runtime {
  return {
    name: 'Chromium',
    version: async () => browser.version(),
    async run(mockUrl) {
      const { server, url } = await servePage(mockUrl)
      const page = await browser.newPage()
      try {
        const protocol = await page.context().newCDPSession(page)
        await protocol.send('Network.enable')
        protocol.on('Network.requestWillBeSentExtraInfo', ({ headers }) => {
          for (const [name, value] of Object.entries(headers)) {
            if (/^access-control-request-headers$/i.test(name))
              for (const asked of value.split(',')) preflights.add(asked.trim())
          }
        })
        const problems: string[] = []
        page.on('pageerror', (error) => problems.push(String(error)))
        await page.goto(url)
        await page.setInputFiles('#picture', picture)
        const outcomes = page.locator('#outcomes:not(:empty)')
        await outcomes.waitFor({ timeout: 60_000 })
        if (problems.length > 0) throw new Error(problems.join('\n'))
        const needless = [...preflights].filter((name) => !needed.has(name))
        if (preflights.size === 0 || needless.length > 0)
          throw new Error(`preflights asked for ${[...preflights].join(', ')}`)
        return JSON.parse(await outcomes.innerText()) as Outcome[]
      } finally {
        await page.close()
        server.close()
        server.closeAllConnections()
      }
    },
  }
}
