import { defineConfig } from 'tsup'
import { library } from '../../tsup.config.base.ts'
import { oneFile } from '../../tsup.one-file.ts'

const entries = ['src/index.ts', 'src/wire/index.ts', 'src/node.ts']
// The catalogue is for whoever looks into it, and its rows for the parts that check a request by them. esbuild takes a file that
// an index names for needed as soon as a part uses it: so the parts use the rows alone.
const apart = { catalogue: ['src/catalogue/models.ts', 'src/catalogue/cost.ts'], rows: ['src/catalogue/rows.ts'] }

export default defineConfig({ ...library(entries), esbuildPlugins: [oneFile(entries, apart)] })
