import { defineConfig } from 'vitest/config'

// The tests start the command as a process of its own, again and again.
export default defineConfig({
  test: { name: 'dualscope', testTimeout: 60_000, globalSetup: './test/build-page.ts' },
})
