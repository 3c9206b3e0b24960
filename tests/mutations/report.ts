import type { Outcome } from './run.ts'

const begin = '| what is broken | transport | the first case that notices |'

/** The table of `docs/contract.md`. */
export const writeTable = (outcomes: readonly Outcome[]): string =>
  [
    begin,
    '| --- | --- | --- |',
    ...outcomes.map(({ mutation, wire, caughtBy }) => `| ${mutation} | ${wire} | ${caughtBy ?? '**none**'} |`),
  ].join('\n')

/** The rows of the table, as they stand in the document. */
export const readTable = (document: string): { mutation: string; wire: string; caughtBy: string }[] =>
  document
    .slice(document.indexOf(begin))
    .split('\n')
    .slice(2)
    .flatMap((line) => {
      const [, mutation, wire, caughtBy] = /^\| (.+?) \| (compatible|dashscope) \| (.+) \|$/.exec(line) ?? []
      return mutation && wire && caughtBy ? [{ mutation, wire, caughtBy }] : []
    })
