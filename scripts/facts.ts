import { knownModels, type ModelInfo, type Provenance } from '../packages/core/src/index.ts'

/** A fact of the catalogue, or several with one source. */
export interface Fact extends Provenance {
  model: string
  /** The part of the row. */
  part: string
}

/** Lists the facts of the catalogue with their sources, row by row. */
export function listFacts(models: readonly ModelInfo[] = knownModels): Fact[] {
  return models.flatMap((model) => {
    const { id, prices, limits, cache, regions, retired } = model
    const parts: [string, Partial<Provenance> | undefined][] = [
      ['row', model],
      ...prices.map(
        ({ region, currency, ...price }) => [`price in ${region}, ${currency}`, price] as [string, Provenance],
      ),
      ['limits while thinking', limits.thinking],
      ['limits without thinking', limits.nonThinking],
      ['kinds of cache', cache],
      ['regions', regions],
      ['retirement', retired],
    ]
    return parts.flatMap(([part, from]) => {
      // Limits without a source have that of the row.
      if (from?.source === undefined || from.date === undefined) return []
      const { source, date, thirdParty } = from
      return [{ model: id, part, source, date, ...(thirdParty ? { thirdParty } : {}) }]
    })
  })
}

/** Lists the facts whose edition is older than a date, the oldest first. Throws for anything but an ISO date. */
export function listOldFacts(before: string, models: readonly ModelInfo[] = knownModels): Fact[] {
  if (!/^\d{4}-\d\d-\d\d$/.test(before) || Number.isNaN(Date.parse(before))) {
    throw new Error(`The date must be like 2026-06-01, got ${JSON.stringify(before)}`)
  }
  return listFacts(models)
    .filter(({ date }) => earliest(date) < before)
    .toSorted((a, b) => earliest(a.date).localeCompare(earliest(b.date)))
}

/** The first day that a date may mean, so that no old fact is missed. */
function earliest(date: string): string {
  const [, season, year] = /^(mid-|late )(\d{4})$/.exec(date) ?? []
  if (season === undefined) return date
  return `${year}-${season === 'mid-' ? '05' : '09'}-01`
}
