import { join } from 'node:path'

import type { Browser, Page } from 'playwright-core'

import { start } from './command.ts'
import { inRunFolder } from './run-folder.ts'

const examples = join(import.meta.dirname, '../../examples')

// The echo of the mock would be a script if the page inserted it as markup.
const prompt = 'What is on the picture? <img src=x onerror="document.title=1"> **Answer** in one sentence.'

/** Uses the playground as a person does, on its mock; throws what does not hold. Leaves pictures of it in the run folder. */
export async function tryPlayground(browser: Browser): Promise<void> {
  const environment = { PATH: process.env['PATH'], PORT: '0' }
  const command = ['--disable-warning=ExperimentalWarning', join(examples, 'playground/main.ts')]
  const { firstLine, stop } = await start(process.execPath, command, { env: environment })
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 }, colorScheme: 'light' })
  const problems: string[] = []
  page.on('pageerror', (error) => problems.push(String(error)))
  page.on('console', (message) => problems.push(message.text()))
  try {
    await page.goto(firstLine.replace(/^.* /, ''))
    await ask(page)
    for (const wire of await page.getByText('On the wire').all()) await wire.click()
    await page.screenshot({ path: inRunFolder('playground-light.png'), fullPage: true })
    await page.emulateMedia({ colorScheme: 'dark' })
    await page.screenshot({ path: inRunFolder('playground-dark.png'), fullPage: true })
    await page.setViewportSize({ width: 390, height: 844 })
    await page.screenshot({ path: inRunFolder('playground-narrow.png'), fullPage: true })
    await stopAnAnswer(page)
    if (problems.length > 0) throw new Error(`the page complained: ${problems.join('\n')}`)
  } finally {
    await page.close()
    await stop()
  }
}

async function ask(page: Page): Promise<void> {
  await page.getByLabel('Prompt').fill(prompt)
  await page.getByRole('combobox', { name: 'Model', exact: true }).selectOption('kimi-k2.5')
  await page.getByRole('combobox', { name: 'Thinking', exact: true }).selectOption('budget')
  await page.getByLabel('Pictures or videos').setInputFiles(join(examples, 'media/house.png'))
  // Without a mouse: from the last field to the button, and go.
  await page.getByLabel('Pictures or videos').focus()
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  const answers = await Promise.all(
    ['compatible', 'dashscope'].map(async (protocol) => {
      const panel = page.getByRole('article', { name: protocol })
      await panel.getByText('done: stop').waitFor({ timeout: 20_000 })
      return {
        reasoning: await panel.locator('.reasoning .text').textContent(),
        answer: await panel.locator('.answer').textContent(),
        usage: await panel.locator('.usage').textContent(),
        wire: await panel.locator('.wire pre').textContent(),
      }
    }),
  )
  for (const { reasoning, answer, usage, wire } of answers) {
    expectEqual(reasoning, `The user says: ${prompt}`)
    expectEqual(answer, `You said: ${prompt}\nI see 1 image.`)
    if (!usage?.includes('cost$')) throw new Error(`no cost: ${usage}`)
    if (!wire?.includes('authorization: [redacted]') || !wire.includes('data:image/png;base64,')) {
      throw new Error(`not the request: ${wire}`)
    }
  }
  if (new Set(answers.map(({ wire }) => wire)).size !== 2) throw new Error('the same request over both protocols')
  if (await page.locator('article img').count()) throw new Error('the answer became markup')
}

async function stopAnAnswer(page: Page): Promise<void> {
  await page.getByLabel('Prompt').fill('word '.repeat(2000))
  await page.keyboard.press('Control+Enter')
  const panel = page.getByRole('article', { name: 'dashscope' })
  await panel.getByText('answering').waitFor({ timeout: 20_000 })
  await page.keyboard.press('Escape')
  await panel.getByText('stopped').waitFor({ timeout: 5_000 })
  if (!(await page.getByRole('button', { name: 'Ask' }).isEnabled())) throw new Error('one cannot ask again')
}

function expectEqual(seen: string | null, expected: string): void {
  if (seen !== expected) throw new Error(`expected ${JSON.stringify(expected)}, got ${JSON.stringify(seen)}`)
}
