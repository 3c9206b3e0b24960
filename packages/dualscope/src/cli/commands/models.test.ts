import { knownModels } from '@dualscope/core'
import { expect, test } from 'vitest'

import { run } from '../../../test/spawn-command.ts'

test('models is a table of the catalogue, a line a model', async () => {
  const { code, stdout, stderr } = await run(['models'])
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  const [head, ...lines] = stdout.trimEnd().split('\n')
  expect(head).toMatch(/^model +thinks +reads +context/)
  expect(lines.map((line) => line.split(' ')[0])).toEqual(knownModels.map(({ id }) => id))
  expect(lines[0]).toMatch(/if asked +text, image, video +256k +32k +0\.574 \/ 3\.011 USD +multimodal$/)
  expect(lines[1]).toMatch(/taken offline on 2026-07-09: use qwen3\.7-plus, qwen3\.8-max, qwen3\.8-flash$/)
})

test('models --json is the catalogue itself', async () => {
  const { stdout } = await run(['models', '--json'])
  expect(JSON.parse(stdout)).toEqual(knownModels)
})
