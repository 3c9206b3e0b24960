import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtempDisposable, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { expect, test } from 'vitest'

import { run } from '../../../test/spawn-command.ts'

const cli = fileURLToPath(new URL('../../cli.ts', import.meta.url))

// Stands in for the function of the package bash-completion that splits the line.
const harness = `
dualscope() { "$NODE" "$CLI" "$@"; }
_get_comp_words_by_ref() { words=("\${line[@]}"); cword=$((\${#line[@]} - 1)); cur=\${line[cword]}; prev=\${line[cword-1]}; }
compopt() { :; }
source <(dualscope completion bash)
line=(dualscope "$@")
__dualscope_complete
printf '%s\\n' "\${COMPREPLY[@]}"
`

function complete(...words: string[]): string[] {
  const env = { ...process.env, NODE: process.execPath, CLI: cli }
  const { stdout } = spawnSync('bash', ['-c', harness, 'bash', ...words], { encoding: 'utf8', env })
  return stdout.trim().split('\n')
}

test('bash completes commands, options and their values', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'dualscope-'))
  await writeFile(join(folder.path, 'eagle.png'), '')
  expect(complete('mo')).toEqual(['models', 'mock'])
  expect(complete('chat', '--temp')).toEqual(['--temperature'])
  expect(complete('chat', '--region', 'si')).toEqual(['singapore'])
  expect(complete('chat', '--model', 'kimi-k2.5')).toEqual(['kimi-k2.5'])
  for (const option of [
    ['chat', '--image'],
    ['batch', '--out'],
    ['mock', '--recordings'],
  ]) {
    expect(complete(...option, join(folder.path, 'ea'))).toEqual([join(folder.path, 'eagle.png')])
  }
})

test('bash runs no command substitution of the line that it completes', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'dualscope-'))
  const file = join(folder.path, 'run')
  expect(complete('chat', `"$(touch ${file})"`, '--temp')).toEqual(['--temperature'])
  expect(existsSync(file)).toBe(false)
})

test.each(['zsh', 'fish'])('completion prints a script for %s', async (shell) => {
  const { code, stdout, stderr } = await run(['completion', shell])
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout).toContain('dualscope complete --')
})

test('completion of an unknown shell ends with 2', async () => {
  expect(await run(['completion', 'tcsh'])).toMatchObject({ code: 2, stderr: expect.stringContaining('bash') })
})
