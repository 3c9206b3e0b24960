import { given } from './given.ts'
import type { JsonObject } from '../json.ts'
import type { PreparedRequest } from '../request/prepare.ts'

/** The settings that a plain request can have, which both protocols spell alike. */
export function encodePlainSettings({ thinking, temperature, topP }: PreparedRequest): JsonObject {
  return given({ enable_thinking: thinking.enable, temperature, top_p: topP })
}
