import { defineConfig } from 'tsup'
import { library } from '../../tsup.config.base.ts'
import { oneFile } from '../../tsup.one-file.ts'

const entries = ['src/index.ts', 'src/wire/index.ts', 'src/wire/encode-index.ts', 'src/node.ts']
const apart = {
  // The catalogue is for whoever looks into it, and its rows for the parts that check a request by them. esbuild takes a file
  // that an index names for needed as soon as a part uses it: so the parts use the rows alone.
  catalogue: ['src/catalogue/models.ts', 'src/catalogue/cost.ts'],
  rows: ['src/catalogue/rows.ts'],
  // For the codecs' own parts.
  encode: ['src/wire/encode/media.ts', 'src/wire/encode/parameters.ts', 'src/wire/encode/tool.ts'],
}

export default defineConfig({ ...library(entries), esbuildPlugins: [oneFile(entries, apart)] })
