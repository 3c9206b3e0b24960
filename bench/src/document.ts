import { bundleParts, profiles } from './evidence.ts'
import type { Results } from './results.ts'
import { besideByHand, details, summary } from './tables.ts'

/** `docs/performance.md`, out of one full run. */
export function performanceDocument(results: Results): string {
  const versions = Object.entries(results.versions).map(([name, version]) => `${name} ${version}`)
  return `# Performance

<!-- Written by \`npx -y pnpm@12 --dir bench start --write\`; not by hand. -->

${results.date}, ${results.machine}, Node ${results.node}. ${versions.join(', ')}.

One server process for all, on loopback; each measurement in a fresh client process, which warms up first where time is
measured: a stream comes after six of its kind, calls and many streams after as many. Clients in a random order within a
round; ratios within a round, to the baseline of the same protocol; then the median over the rounds. CPU is the user and
system time of the client process, all threads. A client's time counts only if its text was right. The numbers are of one
machine; the ratios are what to compare. Run it yourself: see [bench](../bench/README.md).

- **raw**: \`fetch\`, a split at blank lines, \`JSON.parse\`; nothing is checked.
- **by hand**: ky + eventsource-parser + zod/mini for each message, put together for one purpose.
- **Dualscope**: with its defaults: requests and answers are checked, events are typed, the answer is accumulated.

## Summary

Figures with × are CPU beside the raw baseline, unless the row says otherwise.

${summary(results)}
Beside the same libraries put together by hand:

${besideByHand(results)}
![CPU beside the raw baseline](performance.svg)

## Where ours costs more than the libraries by hand

The code by hand has no deadline, no retries, no abort signal and no errors with advice. What ours adds, and keeps on purpose:

- **Small calls and the first delta.** Every call has an abort signal. \`new Request(url, { signal })\` follows that signal, and ky
  combines it with its own before that; both cost as much as all of our own code for a small call. The request is
  validated by zod, and a whole answer is read and decoded by the same generator as a streamed one
  ([013](decisions/013-one-straight-way.md)).
- **What a browser loads.** ky is a sixth of it and zod a third. esbuild puts zod's JSON Schema converter into what is loaded at
  first, although only zod types of a caller need it, since zod's index names it; bundlers that follow single names do not.
- **The first streams of a process.** V8's optimizing compiler runs on another thread, and its time counts as CPU. The rows for the
  second stream show how much that is.

### Where the time goes

Self time of the main thread under V8's sampling profiler, which itself costs time; start and warm-up included. "Node" is
Node's own JavaScript, \`fetch\` with it.

${profiles(results)}
### What a browser loads for one chat

${bundleParts(results)}
## Case by case

${details(results)}`
}
