import type { Outcome } from './run.ts'

/** The table of `docs/contract.md`. */
export const writeTable = (outcomes: readonly Outcome[]): string =>
  [
    '| what is broken | transport | the first case that notices |',
    '| --- | --- | --- |',
    ...outcomes.map(({ mutation, wire, caughtBy }) => `| ${mutation} | ${wire} | ${caughtBy ?? '**none**'} |`),
  ].join('\n')

/** The rows of the table, as they stand in the document, however its columns are padded. */
export const readTable = (document: string): { mutation: string; wire: string; caughtBy: string }[] =>
  document.split('\n').flatMap((line) => {
    const [, mutation, wire, caughtBy] = line.split('|').map((cell) => cell.trim())
    return mutation && (wire === 'compatible' || wire === 'dashscope') && caughtBy ? [{ mutation, wire, caughtBy }] : []
  })
