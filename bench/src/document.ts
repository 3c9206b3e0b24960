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

## What is missed, and why

- **Small calls.** The same libraries by hand miss the figure too: ky makes a \`Request\`, an \`AbortController\` and merged options
  for each call (\`cpu-profile call by-hand-compatible\`). Ours adds the check of the request, its fit to the model and the two
  clocks; no single function stands out in \`cpu-profile call ours-compatible\`.
- **Native streams.** A frame is half as long again as a compatible one and brings usage with every delta; by hand, packed, they
  miss the figure too. What ours adds to that are the chunk and the event of each delta.
- **First delta.** Ours does more before it sends (the check, the fit, the clocks) and looks at the first bytes before it believes
  their label; single reads weigh most here, and the figure varies most from run to run.
- **What a browser loads first.** ky, eventsource-parser and zod/mini alone are as large as the column "by hand" says. zod is both
  in the chunk that is loaded first (wire schemas, the check of the request) and in later ones (schemas of tools and output), and
  bundlers put what both use into the first. To get below the figure, zod would have to leave the first chunk.

## Case by case

${details(results)}`
}
