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

## What is missed, and why

- **The first streams of a process.** A stream of 20,000 small deltas takes a tenth of a second at first. In that time V8's
  optimizing compiler, on another thread, compiles the functions that have become hot, and its time counts as CPU: the second
  stream of a process costs more beside the baseline than the seventh, which the row for it shows; the row without that
  compiler shows how much of it is the compiler. A program that asks once and ends pays that, a server does not.
- **Cumulative frames.** The libraries by hand miss the figure by more. Nearly all of it is in them and in Node: a frame of
  some ten kilobytes is decoded, cut out of its lines, parsed, and becomes garbage. The parser of events joins the pieces of
  each frame that a read has cut, where the baseline adds to one text and splits that, and V8 gives the young generation
  another size from run to run. On our side a frame costs the seam where it goes on, the check of its shape, and a look
  for nesting in texts that are large.
- **Small calls.** The libraries by hand miss the figure too, and ours stand on them. \`fetch\` and the streams below it are most of
  a call in all clients: Node copies the stream of a body before it is sent, in case a redirect asks for it again, unless
  redirects are errors of \`fetch\` itself, which then does not tell where they point. ky makes a \`Request\`, an
  \`AbortController\` and merged options for each call; ours adds the check of the request, its fit to the model, the clocks,
  and reads the body itself, since \`response.json()\` can neither be limited nor interrupted. No single function stands out.
- **500 streams at once, beside the libraries by hand.** An open stream of ours holds its clocks, its accumulator, the reader that
  limits and interrupts the body, and what a repetition would need; by hand there is a parser and a loop. V8's collections
  of the young generation copy what is held, and copy more of it. From a read to the loop it takes one promise for each layer.
  The figure moves by some hundredths from run to run, as does the time to the first delta.
- **What a browser loads first.** ky alone takes two fifths of what it may be. The row without ky is ours alone: the codec,
  the engine with its retries and limits, the model catalogue, the fit to the model, and the table of the service's error
  codes. zod is loaded for requests that are more than words and for schemas, the parser of events with the first stream.
  Errors stay in the first chunk, since what explains a broken network cannot be fetched over it, and so does the fit to the
  model, for which a request that thinks would wait ([009](decisions/009-a-chat-in-words-loads-no-zod.md)). Without both
  it would still be above 20 KiB.

### Where the time goes

Self time of the main thread under V8's sampling profiler, which itself costs time; start and warm-up included. "Node" is
Node's own JavaScript, \`fetch\` with it.

${profiles(results)}
### What a browser loads first

${bundleParts(results)}
## Case by case

${details(results)}`
}
