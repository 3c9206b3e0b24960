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

## Near their limits, and why

The timed ones cross their limits in some runs: what the network costs, and with it the share of everything else, differs from
machine to machine, and some of it from process to process.

- **The first streams of a process.** A stream of 20,000 small deltas takes a tenth of a second at first. In that time V8's
  optimizing compiler, on another thread, compiles the functions that have become hot, and its time counts as CPU: the second
  stream of a process costs more beside the baseline than the seventh, for the libraries by hand too. The row for it shows
  that; the row without that compiler shows how much of it is the compiler. A program that asks once and ends pays it, a
  server does not.
- **What a browser loads for one chat.** ky alone is two fifths of it: its methods are those of one class, which no bundler takes
  apart. The row without ky is ours: the codec with the check of its wire, the engine with its limits and retries, and the
  messages of errors that no network is needed for. All that a plain chat can do without is loaded when it is needed
  ([009](decisions/009-a-chat-in-words-loads-no-zod.md)): zod and schemas, the catalogue, what fits and writes a request that is
  more than words, what makes streams, media and uploads, what explains a refusal, what observers are told.
- **Streams that allocate much.** The more outlives a collection of the young generation, the larger V8 makes it, and a larger
  one is slower; a process that meets a second full collection pays for that too. A stream holds the answer so far and its last
  read, and still this differs from run to run: with cumulative frames, of which each is some ten kilobytes of text that is
  decoded, cut out of its lines, parsed, and dropped; and with 500 streams at once, where an open stream of ours holds its
  clocks, its accumulator and what limits and interrupts its body, and by hand there is a parser and a loop.
- **The first delta, beside the libraries by hand.** Between the head of an answer and the loop, ours looks whether it is a stream,
  decodes the first frame before it decides whether to repeat the request, and passes that through the retries; by hand the
  first frame goes straight to the loop.

### Where the time goes

Self time of the main thread under V8's sampling profiler, which itself costs time; start and warm-up included. "Node" is
Node's own JavaScript, \`fetch\` with it.

${profiles(results)}
### What a browser loads for one chat

${bundleParts(results)}
## Case by case

${details(results)}`
}
