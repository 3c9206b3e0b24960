import { expect, test } from 'vitest'

import * as core from './index.ts'
import * as node from './node.ts'
import * as wire from './wire/index.ts'

test('the package exports exactly these names', () => {
  expect({ core: Object.keys(core), node: Object.keys(node), wire: Object.keys(wire) }).toMatchInlineSnapshot(`
    {
      "core": [
        "createClient",
        "estimateCost",
        "ApiError",
        "DualscopeError",
        "OutputError",
        "knownModels",
        "modelInfo",
        "notify",
        "createTemporaryKey",
        "defineTool",
        "runTools",
        "fallback",
        "saysSomething",
        "createTransport",
      ],
      "node": [
        "fromFile",
      ],
      "wire": [
        "isJsonObject",
        "isTooDeep",
        "parseJson",
        "decodeCacheType",
        "decodeFinishReason",
        "decodeMessageText",
        "decodeToolCalls",
        "checkExtra",
        "encodeAssistantFields",
        "encodeOptions",
        "encodeToolCalls",
        "omitUndefined",
        "decodeServiceError",
        "mediaHeaders",
        "isSilent",
        "optionalList",
        "optionalNumber",
        "optionalObject",
        "optionalText",
        "parseEvent",
        "requireObject",
        "stringifyJson",
        "unknownShape",
        "wireReader",
      ],
    }
  `)
})
