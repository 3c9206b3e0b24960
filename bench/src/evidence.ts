import type { Results } from './results.ts'
import { table } from './tables.ts'

/** Writes the main thread's time by function, by hand and ours side by side, as Markdown. */
export function profiles({ profiles: all }: Results): string {
  const owners = [...new Set(all.flatMap(({ byPackage }) => Object.keys(byPackage)))]
  const most = (owner: string) => Math.max(...all.map(({ byPackage }) => byPackage[owner] ?? 0))
  const shown = owners.filter((owner) => most(owner) >= 20).sort((a, b) => most(b) - most(a))
  return table(
    ['ms', ...all.map(({ caseId, adapterId }) => `${caseId}, ${adapterId}`)],
    [
      ...shown.map((owner) => [owner, ...all.map(({ byPackage }) => (byPackage[owner] ?? 0).toFixed(0))]),
      [
        'all',
        ...all.map(({ byPackage }) =>
          Object.values(byPackage)
            .reduce((sum, time) => sum + time, 0)
            .toFixed(0),
        ),
      ],
    ],
  )
}

/** Writes the code that a browser loads for one chat, by package, as Markdown. */
export function bundleParts({ bundles }: Results): string {
  const shown = ['by-hand-compatible', 'ours-compatible', 'ours-native']
  const names = [...new Set(shown.flatMap((id) => Object.keys(bundles[id]?.parts ?? {})))]
  return table(
    ['KiB, minified', ...shown],
    names.map((name) => [name, ...shown.map((id) => (bundles[id]?.parts[name] ?? 0).toFixed(1))]),
  )
}
