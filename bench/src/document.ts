import type { Results } from './results.ts'
import { besideByHand, details, summary } from './tables.ts'

/** `docs/performance.md`, out of one full run. */
export function performanceDocument(results: Results): string {
  const versions = Object.entries(results.versions).map(([name, version]) => `${name} ${version}`)
  return `# Performance

<!-- Written by \`npx -y pnpm@12 --dir bench start --write\`; not by hand. -->

${results.date}, ${results.machine}, Node ${results.node}. ${versions.join(', ')}.

One server process for all, on loopback; each measurement in a fresh client process, warmed up first where time is
measured; clients in a random order within a round; ratios within a round, to the baseline of the same protocol; then the
median over the rounds. CPU is the user and system time of the client process, all threads. A client's time counts only if
its text was right. The numbers are of one machine; the ratios are what to compare. Run it yourself: see
[bench](../bench/README.md).

- **raw**: \`fetch\`, a split at blank lines, \`JSON.parse\`; nothing is checked.
- **by hand**: ky + eventsource-parser + zod/mini for each message, put together for one purpose.
- **Dualscope**: with its defaults: requests and answers are checked, events are typed, the answer is accumulated.

## Summary

Figures with × are CPU beside the raw baseline, unless the row says otherwise.

${summary(results)}
Beside the same libraries put together by hand:

${besideByHand(results)}
![CPU beside the raw baseline](performance.svg)

## Case by case

${details(results)}`
}
