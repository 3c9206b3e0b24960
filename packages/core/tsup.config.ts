import { defineConfig } from 'tsup'
import { library } from '../../tsup.config.base.ts'
import { oneFile } from '../../tsup.one-file.ts'

const entries = ['src/index.ts', 'src/wire/index.ts', 'src/node.ts']

export default defineConfig({ ...library(entries), esbuildPlugins: [oneFile(entries)] })
