// Starts the playground: a page that asks over both protocols, side by side. `npx -y pnpm@12 playground`
import { createPlayground } from './server.ts'
import { chooseService } from './service.ts'

const service = chooseService(process.env)
const { url } = await createPlayground(service, { port: Number(process.env['PORT'] ?? 4011) })
console.log(`The playground is at ${url}`)
console.log(service.live ? `It asks ${service.name}.` : 'It asks a mock. Set DASHSCOPE_API_KEY to ask Model Studio.')
