import type { BundleSize } from './bundle.ts'
import type { CaseResult, Measurement } from './measurement.ts'
import type { Profile } from './profile.ts'

/** One run of everything, or of what was asked for. */
export interface Results {
  date: string
  node: string
  machine: string
  versions: Record<string, string>
  /** By case, then by adapter. */
  cases: Record<string, CaseResult>
  bundles: Record<string, BundleSize>
  profiles: (Profile & { caseId: string; adapterId: string })[]
}

/** A number of a measurement. */
export type Figure = 'cpu' | 'wall' | 'peak' | 'growth' | 'delay'

/** The median over the rounds. */
export function medianOf(result: CaseResult | undefined, adapter: string, figure: Figure): number | undefined {
  return median(samples(result, adapter).map((sample) => sample[figure] ?? NaN))
}

/** Compares an adapter with another one of the same round, then takes the median over the rounds. */
export function compared(
  result: CaseResult | undefined,
  adapter: string,
  to: string,
  figure: Figure,
  how: 'ratio' | 'difference' = 'ratio',
): number | undefined {
  const others = samples(result, to)
  const pairs = samples(result, adapter).map((sample, round) => {
    const value = sample[figure] ?? NaN
    const other = others[round]?.[figure] ?? NaN
    return how === 'ratio' ? value / other : value - other
  })
  return median(pairs)
}

/** Why there is no figure. */
export function failureOf(result: CaseResult | undefined, adapter: string): string | undefined {
  const found = result?.[adapter]
  return found && 'failure' in found ? found.failure : undefined
}

function samples(result: CaseResult | undefined, adapter: string): Measurement[] {
  const found = result?.[adapter]
  return Array.isArray(found) ? found : []
}

function median(values: readonly number[]): number | undefined {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort((a, b) => a - b)
  const upper = sorted[Math.floor(sorted.length / 2)]
  const lower = sorted[Math.floor((sorted.length - 1) / 2)]
  return upper === undefined || lower === undefined ? undefined : (upper + lower) / 2
}
