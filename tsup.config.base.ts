import type { Options } from 'tsup'

/** What every package's build shares; `entry` are the modules that its `exports` name. */
export const library = (entry: string[]): Options => ({
  entry,
  format: 'esm',
  platform: 'neutral',
  target: 'es2022',
  dts: true,
  sourcemap: true,
  clean: true,
  treeshake: true,
})
