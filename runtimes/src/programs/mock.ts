// Model Studio in memory, listening, in a process of its own. `/control/` is how cases and the script talk to it.
import { createMock, type Scenario } from '@dualscope/testing'
import { listen } from '@dualscope/testing/server'

// A stream takes its time, so that an abort finds it running.
// Its clock can be put forward, so that keys expire.
let ahead = 0
const mock = createMock({ apiKey: 'sk-runtimes', latency: 2, now: () => Date.now() + ahead })

const controls: Readonly<Record<string, (request: Request) => Promise<unknown>>> = {
  '/control/next': async (request) => {
    mock.use((await request.json()) as Scenario)
    return {}
  },
  '/control/forward': async (request) => {
    ahead += Number(await request.text())
    return {}
  },
  '/control/open': async () => ({ open: mock.openResponses }),
  '/control/requests': async () => mock.requests,
  '/control/reset': async () => mock.reset() ?? {},
}

const { url } = await listen({
  async respond(request, signal) {
    const answer = controls[new URL(request.url).pathname]
    return answer ? Response.json(await answer(request)) : mock.respond(request, signal)
  },
})
console.log(url)
