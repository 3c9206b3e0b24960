import { test } from 'node:test'

import { contract } from '@dualscope/testing'
import { compatible } from 'dualscope'

// Your own transport, or one of ours with your options, proxies and `fetch`.
for (const { name, run } of contract((options) => compatible(options))) test(name, run)
