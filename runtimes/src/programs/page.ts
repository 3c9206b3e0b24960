// For the browser: the picture comes from the file input, the outcomes go into the page.
import { runCases } from './cases.ts'

const input = document.querySelector<HTMLInputElement>('#picture')
const output = document.querySelector('#outcomes')

async function run(picture: Blob): Promise<void> {
  const outcomes = await runCases({ baseUrl: document.body.dataset['mock'] ?? '', picture })
  if (output) output.textContent = JSON.stringify(outcomes)
}

input?.addEventListener('change', () => {
  const [picture] = input.files ?? []
  if (picture) void run(picture)
})
