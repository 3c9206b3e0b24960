import { defineConfig } from 'tsup'

import { library } from '../../tsup.config.base.ts'

const modules = ['src/index.ts', 'src/node.ts']

// The command is run, never imported, so it has no types.
export default defineConfig({ ...library([...modules, 'src/cli.ts']), dts: { entry: modules } })
