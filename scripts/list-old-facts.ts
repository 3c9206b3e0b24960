// Lists the facts of the catalogue that are older than a date, with their sources, for a maintainer to walk through:
// `node scripts/list-old-facts.ts 2026-06-01`. Without a date, those older than 180 days.
import { listOldFacts } from './facts.ts'

const day = 24 * 60 * 60 * 1000
const before = process.argv[2] ?? new Date(Date.now() - 180 * day).toISOString().slice(0, 10)
const facts = listOldFacts(before)
for (const { model, part, source, date, thirdParty } of facts) {
  console.log(`${date.padEnd(10)}  ${model}, ${part}: ${source}${thirdParty ? ' (third party)' : ''}`)
}
console.log(`${facts.length} facts are older than ${before}`)
