import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'

interface Step {
  name?: string
  uses?: string
  run?: string
  with?: Record<string, unknown>
}

interface Workflow {
  on: Record<string, unknown>
  permissions: unknown
  jobs: Record<string, { 'runs-on': string; 'timeout-minutes': number; steps: Step[] }>
}

const root = join(import.meta.dirname, '..')
const folder = join(root, '.github/workflows')
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> }

describe.each(readdirSync(folder))('%s', (file) => {
  const workflow = parse(readFileSync(join(folder, file), 'utf8'), { strict: true }) as Workflow
  const steps = Object.values(workflow.jobs).flatMap((job) => job.steps)

  test('says when it runs, where, how long at most and with which rights', () => {
    expect(Object.keys(workflow.on)).toContain('push')
    expect(workflow.permissions).toBeDefined()
    for (const job of Object.values(workflow.jobs)) {
      expect(job['runs-on']).toBe('ubuntu-latest')
      expect(job['timeout-minutes']).toBeGreaterThan(0)
    }
  })

  test('each step either uses an action of a stated version or runs something', () => {
    for (const step of steps) {
      expect([step.uses, step.run].filter((what) => what !== undefined)).toHaveLength(1)
      if (step.uses !== undefined) expect(step.uses).toMatch(/^[\w-]+\/[\w-]+@v\d+$/)
    }
  })

  test('names only scripts that there are', () => {
    const commands = JSON.stringify(steps)
    for (const [, script = ''] of commands.matchAll(/pnpm run ([\w:-]+)/g)) expect(scripts).toHaveProperty(script)
    for (const [, path = ''] of commands.matchAll(/bash ([\w./-]+)/g)) expect(existsSync(join(root, path))).toBe(true)
  })
})

test('the checks run as they do on a developer’s machine', () => {
  expect(readFileSync(join(folder, 'ci.yml'), 'utf8')).toContain('run: bash .ci/run')
})

test('every step of a release waits for the token', () => {
  const { jobs } = parse(readFileSync(join(folder, 'release.yml'), 'utf8')) as {
    jobs: { release: { steps: { if?: string }[] } }
  }
  const conditions = jobs.release.steps.map((step) => step.if)
  expect(conditions).toEqual(["env.NPM_TOKEN == ''", ...conditions.slice(1).map(() => "env.NPM_TOKEN != ''")])
})
