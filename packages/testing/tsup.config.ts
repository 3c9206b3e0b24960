import { defineConfig } from 'tsup'

import { library } from '../../tsup.config.base.ts'

export default defineConfig(library(['src/index.ts', 'src/msw.ts', 'src/recorder.ts', 'src/server.ts']))
