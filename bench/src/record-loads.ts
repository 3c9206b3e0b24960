// Goes before a bundled call (`node --import`): it answers each request, and prints what was loaded, as the last line.
import { registerHooks } from 'node:module'

const loaded: string[] = []
registerHooks({
  load(url, context, nextLoad) {
    loaded.push(url)
    return nextLoad(url, context)
  },
})
const answer = process.env['BENCH_ANSWER'] ?? ''
const headers = { 'content-type': answer.startsWith('{') ? 'application/json' : 'text/event-stream' }
globalThis.fetch = async () => new Response(answer, { headers })
process.on('exit', () => console.log(JSON.stringify(loaded)))
