// Web search ("Fitur model": Moonshot-Kimi-K2-Instruct). The native protocol also returns the pages that were found.
// Moonshot-Kimi-K2-Instruct went offline on 2026-07-09; of the later models kimi-k3 has it.
import { connect } from './connect.ts'

const client = connect('Moonshot-Kimi-K2-Instruct', [
  {
    text: 'The Kimi models on Model Studio are described in its documentation.',
    sources: [{ index: 1, title: 'Kimi', url: 'https://www.alibabacloud.com/help/en/model-studio/kimi-api' }],
  },
])

const { text, sources = [] } = await client.chat({
  messages: [{ role: 'user', content: 'Where are the Kimi models on Model Studio described?' }],
  search: { forced: true },
})
console.log(text)
for (const { index, title, url } of sources) console.log(`[${index}] ${title}: ${url}`)
