import { mkdtempDisposable, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { compatible } from '@dualscope/compatible'
import { contract } from '@dualscope/testing'
import { expect, test } from 'vitest'

import { run, start } from '../../../test/spawn-command.ts'
import { junit } from '../output/junit.ts'
import { tapCase, tapSummary } from '../output/tap.ts'

test('contract runs the suite against the mock: TAP on stdout, JUnit into a file', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'dualscope-'))
  const file = join(folder.path, 'report.xml')
  const { code, stdout, stderr } = await run(['contract', '--protocol', 'compatible', '--junit', file])
  const count = contract((options) => compatible(options)).length
  expect({ code, stderr, failed: stdout.match(/^not ok [^]*/m)?.[0] }).toEqual({ code: 0, stderr: '' })
  expect(stdout.startsWith(`TAP version 14\n1..${count}\nok 1 - compatible: `)).toBe(true)
  expect(stdout.match(/^ok \d+ - /gm)).toHaveLength(count)
  expect(stdout.trimEnd().split('\n').at(-1)).toMatch(/^# compatible: \d+ passed, 0 failed, \d+ not claimed$/)
  const report = await readFile(file, 'utf8')
  expect(report).toContain(`<testsuite name="compatible" tests="${count}" failures="0"`)
  expect(report.match(/<testcase /g)).toHaveLength(count)
}, 60_000)

test('the summary counts passed, failed and unclaimed cases', () => {
  const passed = { suite: 'mine', name: 'a', part: 'media', duty: 'Send pictures.', isClaimed: true, seconds: 1 }
  const failed = { ...passed, part: 'retries', duty: 'Retry what may help.', failure: 'no' }
  expect(tapSummary('mine', [passed, failed, failed, { ...passed, isClaimed: false }])).toBe(
    '# mine: 1 passed, 2 failed, 1 not claimed\n#   retries: 2 failed. Retry what may help.\n',
  )
})

test('contract --live without a key says so and ends with 3', async () => {
  const { code, stdout, stderr } = await run(['contract', '--live'])
  expect({ code, stdout }).toEqual({ code: 3, stdout: '' })
  expect(stderr).toMatch(/^error: DASHSCOPE_API_KEY is not set\n {3}do: .*--mock`\.\n$/)
})

test('an address without --live is refused: the mock needs none', async () => {
  const { code, stdout, stderr } = await run(['contract', '--base-url', 'http://127.0.0.1:4010'])
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expect(stderr).toMatch(/--live/)
})

test('Ctrl-C bails out of the suite', async () => {
  const { child, ended, shows } = start(['contract'])
  await shows('ok 3 ')
  child.kill('SIGINT')
  const { code, stdout } = await ended
  expect({ code, last: stdout.trimEnd().split('\n').at(-1) }).toEqual({ code: 130, last: 'Bail out! interrupted' })
})

test('a failed case is reported in TAP and JUnit, with any characters', () => {
  const failure = 'expected "a" & <b>,\n got \u001B[31m]]>'
  const about = { part: 'streams', duty: 'Give the same events.', isClaimed: true }
  const outcome = { ...about, suite: 'compatible', name: 'cuts # and \\ and\nlines', seconds: 0.0123, failure }
  expect(tapCase(outcome, 7)).toBe(
    [
      String.raw`not ok 7 - compatible: cuts \# and \\ and lines`,
      '  ---',
      String.raw`  message: "expected \"a\" & <b>,\n got \u001b[31m]]>"`,
      '  duty: "streams: Give the same events."',
      '  duration_ms: 12',
      '  ...',
      '',
    ].join('\n'),
  )
  expect(junit([outcome, { ...about, suite: 'dashscope', name: 'fits', seconds: 1 }]))
    .toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites tests="2" failures="1" errors="0" time="1.012">
  <testsuite name="compatible" tests="1" failures="1" errors="0" time="0.012">
    <testcase classname="compatible" name="cuts # and \\ and&#10;lines" time="0.012">
      <failure type="Give the same events." message="expected &quot;a&quot; &amp; &lt;b&gt;,&#10; got [31m]]&gt;"/>
    </testcase>
  </testsuite>
  <testsuite name="dashscope" tests="1" failures="0" errors="0" time="1.000">
    <testcase classname="dashscope" name="fits" time="1.000"/>
  </testsuite>
</testsuites>
`)
})
