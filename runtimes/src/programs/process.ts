// For runtimes that are started as a process: Node, Deno, Bun. The mock's URL is the argument, the outcomes are printed.
import picture from '../../../examples/media/house.png'
import { runCases } from './cases.ts'

const [, , baseUrl = ''] = process.argv
console.log(JSON.stringify(await runCases({ baseUrl, picture: new Blob([picture], { type: 'image/png' }) })))
