import { defineConfig } from 'tsup'

import { library } from '../../tsup.config.base.ts'

const createRequire = "import { createRequire } from 'node:module'\nconst require = createRequire(import.meta.url)"

// The command with everything that it alone needs, so that an app that installs the package installs none of it.
export default defineConfig({
  ...library(['src/cli.ts']),
  platform: 'node',
  dts: false,
  clean: false,
  sourcemap: false,
  // It would remove the `require` that bundled CommonJS modules call.
  treeshake: false,
  banner: { js: createRequire },
  metafile: true,
})
