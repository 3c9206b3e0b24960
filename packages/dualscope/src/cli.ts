#!/usr/bin/env node
import { isSupportedNode } from './cli/node-version.ts'

if (isSupportedNode(process.versions.node)) {
  // Loaded after the check, because older versions of Node fail while they load the rest.
  const { main } = await import('./cli/main.ts')
  await main()
} else {
  process.stderr.write(`error: Node ${process.versions.node} is too old.\n   do: Install Node 22.12 or later.\n`)
  process.exitCode = 2
}
