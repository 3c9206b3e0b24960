// For the browser: the picture comes from the file input, the outcomes go into the page.
import { runCases } from './cases.ts'

const input = document.querySelector<HTMLInputElement>('#picture')
const output = document.querySelector('#outcomes')

input?.addEventListener('change', () => {
  const picture = input.files?.[0]
  const baseUrl = document.body.dataset['mock'] ?? ''
  if (!picture || !output) return
  void runCases({ baseUrl, picture }).then((outcomes) => {
    output.textContent = JSON.stringify(outcomes)
  })
})
