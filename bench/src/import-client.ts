// A client process that only imports: `import-client.js <file>`.
import type { Outcome } from './client.ts'
import { meter } from './measurement.ts'

const measure = meter()
await import(new URL(process.argv[2] ?? '', import.meta.url).href)
console.log(JSON.stringify({ measurement: measure() } satisfies Outcome))
