import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'

import type { Browser, Locator, Page } from 'playwright-core'

import { start } from './command.ts'

const media = join(import.meta.dirname, '../../examples/media')
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

// The echo of the mock would be a script or a picture if the page inserted it as markup.
const prompt =
  'Hi <img src=x onerror="document.title=1"> **bold** [link](javascript:alert(1)) ![x](https://example.com/x.png)'

/** Uses the playground as a person does, on its mock; throws what does not hold. Leaves pictures of it in a folder. */
export async function tryPlayground(browser: Browser, cli: string, pictures: string): Promise<void> {
  const env = { PATH: process.env['PATH'] }
  const { firstLine, stop } = await start(process.execPath, [cli, 'playground', '--port', '0', '--mock'], { env })
  const context = await browser.newContext({
    viewport: { width: 1360, height: 900 },
    colorScheme: 'light',
    permissions: ['clipboard-read', 'clipboard-write'],
  })
  const page = await context.newPage()
  const problems: string[] = []
  page.on('pageerror', (error) => problems.push(String(error)))
  page.on('console', (message) => problems.push(message.text()))
  const takePicture = (name: string) =>
    page.screenshot({ path: join(pictures, `playground-${name}.png`), fullPage: true })
  try {
    const [url = ''] = /http:\S+/.exec(firstLine) ?? []
    await page.goto(url)
    await sendWithFiles(page)
    await takePicture('details')
    await sendAgain(page)
    await stopAnAnswer(page)
    await askForData(page)
    await page.getByRole('button', { name: 'New conversation' }).click()
    await compareAnswers(page)
    for (const scheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' })
      await checkAccessibility(page, scheme)
      await takePicture(scheme)
    }
    await page.setViewportSize({ width: 390, height: 844 })
    const width = await page.evaluate(() => document.documentElement.scrollWidth)
    if (width > 390) throw new Error(`a phone has to scroll sideways: ${width} px`)
    await takePicture('phone')
    if (problems.length > 0) throw new Error(`the page complained: ${problems.join('\n')}`)
  } finally {
    await context.close()
    await stop()
  }
}

/** Lets the page call the mock itself, with temporary keys of its server. */
export async function tryDirectPlayground(browser: Browser, cli: string): Promise<void> {
  const env = { PATH: process.env['PATH'] }
  const words = [cli, 'playground', '--port', '0', '--mock', '--temporary-keys']
  const { firstLine, stop } = await start(process.execPath, words, { env })
  const context = await browser.newContext()
  const page = await context.newPage()
  const problems: string[] = []
  page.on('pageerror', (error) => problems.push(String(error)))
  page.on('console', (message) => problems.push(message.text()))
  const paths: string[] = []
  page.on('request', (request) => paths.push(`${request.method()} ${new URL(request.url()).pathname}`))
  try {
    const [url = ''] = /http:\S+/.exec(firstLine) ?? []
    await page.goto(url)
    await promptField(page).fill('Who are you?')
    await page.getByRole('button', { name: 'Send' }).click()
    for (const protocol of ['compatible', 'dashscope']) {
      const panel = panelOf(page, 1, protocol)
      await panel.getByText('done', { exact: true }).waitFor({ timeout: 20_000 })
      await panel.getByText('You said: Who are you?').first().waitFor()
    }
    const asked = paths.filter((path) => path.startsWith('POST')).sort()
    const expected = ['/api/v1/services/aigc/multimodal-generation/generation', '/compatible-mode/v1/chat/completions']
    if (asked.join() !== [...expected, '/key', '/key'].map((path) => `POST ${path}`).join()) {
      throw new Error(`the page sent ${asked.join(', ')}`)
    }
    if (problems.length > 0) throw new Error(`the page complained: ${problems.join('\n')}`)
  } finally {
    await context.close()
    await stop()
  }
}

function promptField(page: Page): Locator {
  return page.getByRole('textbox', { name: 'Prompt', exact: true })
}

function panelOf(page: Page, turn: number, protocol: string): Locator {
  return page.getByRole('region', { name: `Turn ${turn}` }).getByRole('article', { name: protocol })
}

async function sendWithFiles(page: Page): Promise<void> {
  await promptField(page).fill(prompt)
  await page.getByLabel('System prompt').fill('Be brief.')
  await page.getByRole('combobox', { name: 'Thinking' }).selectOption('with a limit')
  await page.getByLabel('Limit in tokens').fill('500')
  await page.getByLabel('Add images or videos').setInputFiles(join(media, 'house.png'))
  await drop(page, 'test-pattern.mp4', 'video/mp4')
  await page.getByText(/^house.png, \d+ kB$/).waitFor()
  await page.getByText(/^test-pattern.mp4, \d+ kB$/).waitFor()
  // Without a mouse: from the prompt over both attachments to the button, and go.
  await page.getByRole('button', { name: 'Remove test-pattern.mp4' }).focus()
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  const bodies = new Set<string | null>()
  for (const protocol of ['compatible', 'dashscope']) {
    const panel = panelOf(page, 1, protocol)
    await panel.getByText('done', { exact: true }).waitFor({ timeout: 20_000 })
    await panel.getByText('I see 1 image, 1 video.').waitFor()
    expectEqual(await panel.locator('.answer strong').textContent(), 'bold')
    expectEqual(await panel.locator('.answer a').first().getAttribute('href'), 'https://example.com/x.png')
    expectEqual(await panel.locator('.answer a').count(), 1)
    expectEqual(await panel.locator('img, script').count(), 0)
    const usage = await panel.locator('.usage').textContent()
    for (const part of ['first token', 'total time', 'tokens in', 'thinking', 'cost$']) {
      if (!usage?.includes(part)) throw new Error(`no ${part}: ${usage}`)
    }
    await panel.getByText('On the wire').click()
    const wire = await panel.locator('.requests').textContent()
    if (!wire?.includes('authorization: [redacted]') || !wire.includes('"thinking_budget": 500')) {
      throw new Error(`not the request: ${wire}`)
    }
    bodies.add(wire)
    const events = await panel.locator('.wire tbody tr').count()
    if (events < 4) throw new Error(`${events} events`)
    await panel.getByText('As code').click()
    await panel.getByRole('button', { name: 'Copy: curl' }).click()
    await panel.getByText('Copied').waitFor()
    const code = await page.evaluate(() => navigator.clipboard.readText())
    if (!code.startsWith('curl -N ')) throw new Error(`not the code: ${code}`)
  }
  expectEqual(bodies.size, 2)
  await page.getByText('Both answers are the same.').waitFor()
}

/** Drops a file of the media folder on the prompt. */
async function drop(page: Page, name: string, type: string): Promise<void> {
  const bytes = [...readFileSync(join(media, name))]
  const transfer = await page.evaluateHandle(
    (file) => {
      const data = new DataTransfer()
      data.items.add(new File([new Uint8Array(file.bytes)], file.name, { type: file.type }))
      return data
    },
    { bytes, name, type },
  )
  await promptField(page).dispatchEvent('drop', { dataTransfer: transfer })
}

async function sendAgain(page: Page): Promise<void> {
  await promptField(page).fill('And now?')
  await page.keyboard.press('Control+Enter')
  for (const protocol of ['compatible', 'dashscope']) {
    const panel = panelOf(page, 2, protocol)
    await panel.getByText('done', { exact: true }).waitFor({ timeout: 20_000 })
    const wire = await panel.locator('.requests').textContent()
    // The first turn, with its files and its answer, is in the history.
    for (const part of ['Be brief.', 'I see 1 image, 1 video.', 'data:image/png;base64,', 'And now?']) {
      if (!wire?.includes(part)) throw new Error(`the second request lacks ${part}`)
    }
  }
}

async function stopAnAnswer(page: Page): Promise<void> {
  await promptField(page).fill('word '.repeat(2000))
  await page.keyboard.press('Control+Enter')
  const panel = panelOf(page, 3, 'dashscope')
  await panel.getByText('answering').waitFor({ timeout: 20_000 })
  const countAnimations = () => page.evaluate(() => document.getAnimations().length)
  if ((await countAnimations()) === 0) throw new Error('nothing moves while an answer arrives')
  await page.emulateMedia({ reducedMotion: 'reduce' })
  expectEqual(await countAnimations(), 0)
  await page.keyboard.press('Escape')
  await panel.getByText('stopped').waitFor({ timeout: 5_000 })
  if (!(await page.getByRole('button', { name: 'Send' }).isEnabled())) throw new Error('Send is still disabled')
}

/** Pastes an image, and asks for JSON that matches a schema. */
async function askForData(page: Page): Promise<void> {
  const bytes = [...readFileSync(join(media, 'house.png'))]
  await page.evaluate(async (bytes) => {
    const image = new Blob([new Uint8Array(bytes)], { type: 'image/png' })
    await navigator.clipboard.write([new ClipboardItem({ 'image/png': image })])
  }, bytes)
  await promptField(page).press('Control+V')
  await page.getByText(/^image.png, \d+ kB$/).waitFor()
  await page.getByRole('button', { name: 'Remove image.png' }).click()
  await page.getByLabel('Answer as').selectOption('JSON that matches a schema')
  await page.getByLabel('JSON Schema').fill('{')
  await promptField(page).fill('Which bird? Answer in JSON.')
  await page.keyboard.press('Control+Enter')
  await page.getByText('The schema is not JSON').waitFor()
  expectEqual(await promptField(page).inputValue(), 'Which bird? Answer in JSON.')
  const schema = { type: 'object', properties: { answer: { type: 'string' } }, required: ['answer'] }
  await page.getByLabel('JSON Schema').fill(JSON.stringify(schema))
  await page.keyboard.press('Control+Enter')
  for (const protocol of ['compatible', 'dashscope']) {
    const panel = panelOf(page, 4, protocol)
    await panel.getByText('done', { exact: true }).waitFor({ timeout: 20_000 })
    const answer: unknown = JSON.parse((await panel.locator('.answer').textContent()) ?? '')
    if (typeof (answer as { answer?: unknown }).answer !== 'string') throw new Error('the answer does not match')
  }
  await page.getByLabel('Answer as').selectOption('text')
}

const table = '| 名字 | legs |\n| --- | ---: |\n| 鹰 eagle | 2 |\n'
const answers = {
  compatible: `## Birds\n\nAn **eagle** sits on the roof. It has \`2\` legs.\n\n${table}\n- [x] seen\n- [ ] heard\n\n\`\`\`ts\nconst bird = 'eagle'\n\`\`\`\n\nSee [the page](https://example.com/birds).`,
  dashscope: `## Birds\n\nA **falcon** sits on the roof. It has \`2\` legs.\n\n${table}\n- [x] seen\n- [ ] heard\n\n\`\`\`ts\nconst bird = 'falcon'\n\`\`\`\n\nSee [the page](https://example.com/birds).`,
}

/** The mock answers both protocols alike, so the server's answer is replaced once. */
async function compareAnswers(page: Page): Promise<void> {
  const usage = { inputTokens: 1200, outputTokens: 340, totalTokens: 1540, reasoningTokens: 90, cachedTokens: 600 }
  const cost = { input: 0.0006888, cache: 0, output: 0.00102374, total: 0.00171254, currency: 'USD' }
  await page.route('**/ask', (route) => {
    const lines = Object.entries(answers).flatMap(([protocol, text]) => [
      { protocol, at: 420, type: 'event', event: { type: 'reasoning-delta', delta: 'The user asks about a bird.' } },
      ...Array.from(text, (delta) => ({ protocol, at: 600, type: 'event', event: { type: 'text-delta', delta } })),
      { protocol, at: 1830, type: 'done', finishReason: 'stop', usage, cost, first: 420, reasoning: '' },
    ])
    return route.fulfill({ body: lines.map((line) => `${JSON.stringify(line)}\n`).join('') })
  })
  const write = promptField(page)
  await write.fill('Which bird is on the roof?')
  await page.getByLabel('Add images or videos').setInputFiles(join(media, 'house.png'))
  await write.press('Control+Enter')
  await page.getByText('6 words are in one answer only.').waitFor({ timeout: 20_000 })
  await page.getByLabel('Mark the differences').check()
  expectEqual(await page.locator('mark').count(), 6)
  await page.getByLabel('Mark the differences').uncheck()
  expectEqual(await page.locator('mark').count(), 0)
  expectEqual(await panelOf(page, 1, 'dashscope').locator('.answer table td').last().textContent(), '2')
  await page.unroute('**/ask')
  // An error, with its advice.
  await page.getByRole('combobox', { name: 'Model' }).fill('kimi-k2-thinking')
  await page.getByRole('combobox', { name: 'Thinking' }).selectOption('off')
  await write.fill('And this?')
  await write.press('Control+Enter')
  const panel = panelOf(page, 2, 'compatible')
  await panel.getByText('unsupported', { exact: true }).waitFor()
  await panel.getByText('Remove it, or try another protocol or model.').waitFor()
  await page.unroute('**/ask')
}

/** Checks names, roles, contrast and the order of headings by axe. */
async function checkAccessibility(page: Page, scheme: string): Promise<void> {
  await page.evaluate(axe)
  const violations = await page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: { run: () => Promise<{ violations: Violation[] }> } }
    interface Violation {
      id: string
      help: string
      nodes: { html: string }[]
    }
    const found = await axe.run()
    return found.violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ html }) => html).join(' ')}`)
  })
  if (violations.length > 0) throw new Error(`accessibility, ${scheme}: ${violations.join('\n')}`)
}

function expectEqual(seen: unknown, expected: unknown): void {
  if (seen !== expected) throw new Error(`expected ${JSON.stringify(expected)}, got ${JSON.stringify(seen)}`)
}
