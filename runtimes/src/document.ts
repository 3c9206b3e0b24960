import { isGood, renderFailures, renderTable, type Row } from './table.ts'

/** The findings of a run. */
export interface Findings {
  rows: readonly Row[]
  /** The headers that the browser's preflights asked for. */
  preflights: readonly string[]
  /** Version by package. */
  packages: Readonly<Record<string, string>>
}

/** docs/runtimes.md */
export function renderDocument({ rows, preflights, packages }: Findings): string {
  const date = new Date().toISOString().slice(0, 10)
  const versions = Object.entries(packages).map(([name, version]) => `\`${name}\` ${version}`)
  const failures = renderFailures(rows)
  return `# Runtimes

What was seen on ${date} with ${versions.join(', ')}, packed and installed with npm as an application installs them. Every
${rows.every(isGood) ? 'case passed' : 'case marked ✓ passed'} inside the runtime itself, against the mock of Model Studio on this machine (\`listen\` of
\`@dualscope/testing/server\`), with the same program everywhere. It was not tested against the service.

${renderTable(rows)}
${failures.length === 0 ? '' : `\n${failures.map((failure) => `- ${failure}`).join('\n')}\n`}
This page is written by \`npx -y pnpm@12 --dir runtimes start --write\`; without \`--write\` it only runs and prints the same, as
in CI.

## The cases

| Case | What is seen |
| --- | --- |
| chat | \`chat()\` returns the answer and its usage |
| thinking | a stream brings thinking, then the answer, in deltas that add up to the result; characters of several bytes stay whole |
| turns | \`message\` goes onto the history, and the second request holds the first turn |
| picture | a \`Blob\` goes inline as a data URL; in Chromium it is the \`File\` of a file input |
| upload | the same \`Blob\` goes through an upload to an \`oss://\` URL |
| tools | \`runTools\` calls a tool whose input is a zod type, and the answer uses its result |
| output | the answer is data that a zod type has checked, also where \`eval\` is forbidden |
| abort | the loop ends with the signal's own reason, the text so far is kept, and the server sees its connection closed |
| refusal | a wrong key is an \`ApiError\` with code, status and request id, and without the key |
| error in a stream | an error after the first words is an \`ApiError\` too, and \`partial\` holds these words |
| bad request | it is refused before it is sent, and the error names the place |

The mock validates each request against the documents; an invalid one fails the row.

## How each runtime runs

- **Node**: the installed packages, as they are. Node 20 is not supported.
- **Deno**: the same, with \`--allow-net\` alone: neither files nor the environment are touched when \`apiKey\`, and \`baseUrl\` or
  \`region\`, are passed. \`--allow-env=DASHSCOPE_API_KEY,DASHSCOPE_BASE_URL\` lets them be read; without it they are a
  \`configuration\` error, not taken as unset.
- **Bun**: the same, no flag.
- **workerd** (Cloudflare Workers): a bundle, no compatibility flag: \`nodejs_compat\` is not needed.
- **Chromium**: a bundle on a page of another origin than the mock, under a Content-Security-Policy that allows neither inline script
  nor \`eval\`. The preflights asked for ${preflights.map((name) => `\`${name}\``).join(', ')}, and for nothing else. The mock allows any
  origin, so this shows that the library asks for no needless header, not that the service allows your origin. A key in a page can be
  read by every visitor: keep it on your own server.

## TypeScript and bundlers

The types compile with TypeScript 5.5 or later, also with \`skipLibCheck: false\`; those of \`@dualscope/testing/msw\` need 5.7, as msw
does. \`check:install\` compiles the packed packages with the oldest and the newest version, bundles a program with esbuild (ESM and
CommonJS), Vite and webpack, and runs each bundle.
`
}
