import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    projects: [
      'packages/*',
      { test: { name: 'examples', include: ['examples/**/*.test.ts'] } },
      { test: { name: 'tests', include: ['tests/**/*.test.ts'], maxConcurrency: 50 } },
      { test: { name: 'scripts', include: ['scripts/**/*.test.ts'] } },
    ],
  },
})
