import { readFile } from 'node:fs/promises'

import { expect, test } from 'vitest'

import * as dualscope from './index.ts'
import * as node from './node.ts'

test('the package exports exactly these names', () => {
  expect({ dualscope: Object.keys(dualscope), node: Object.keys(node) }).toMatchInlineSnapshot(`
    {
      "dualscope": [
        "connect",
        "compatibleCodec",
        "compatible",
        "dashscopeCodec",
        "dashscope",
        "createClient",
        "createTemporaryKey",
        "defineTool",
        "estimateCost",
        "fallback",
        "knownModels",
        "modelInfo",
        "runTools",
        "ApiError",
        "DualscopeError",
        "OutputError",
        "createTransport",
        "notify",
        "saysSomething",
      ],
      "node": [
        "fromFile",
      ],
    }
  `)
})

/** Every name that an index lists, types included. */
async function listed(index: string): Promise<string[]> {
  const source = await readFile(new URL(index, import.meta.url), 'utf8')
  return [...source.matchAll(/export (?:type )?\{([^}]*)\}/g)]
    .flatMap(([, names = '']) => names.split(','))
    .map((name) => name.replace(/^\s*(type )?/, '').trim())
    .filter((name) => name !== '')
}

test('everything of core and of both transports is here too, their codecs under names of their own', async () => {
  const packages = await Promise.all(
    ['core', 'compatible', 'dashscope'].map((name) => listed(`../../${name}/src/index.ts`)),
  )
  const here = await listed('./index.ts')
  expect(new Set(here.map((name) => name.replace(/ as .*/, '')))).toEqual(
    new Set([...packages.flat(), 'connect', 'ConnectOptions', 'ProtocolChoice']),
  )
})
