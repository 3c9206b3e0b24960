import type { ChatRequest, OutputSpec } from '@dualscope/core'
import { type Command, InvalidArgumentError } from 'commander'

import { addConnectionOptions, type ConnectionFlags, protocolOption } from '../connection-options.ts'
import { usageError } from '../errors.ts'
import { readText } from '../text-file.ts'

/** The options of `chat` for the settings of a request. */
export interface SettingFlags {
  thinking?: boolean
  temperature?: number
  topP?: number
  maxTokens?: number
  seed?: number
  stop?: readonly string[]
  search?: boolean
  schema?: string
  extra?: Readonly<Record<string, unknown>>
}

/** The options of `chat` that add to the message. */
export interface ContentFlags {
  image?: readonly string[]
  video?: readonly string[]
  frames?: readonly string[] | undefined
  fps?: number
  file?: readonly string[]
}

/** All options of `chat`. */
export interface ChatFlags extends ConnectionFlags, SettingFlags, ContentFlags {
  system?: string
  json?: boolean
  stream?: boolean
  mock?: boolean
  plain?: boolean
  quiet?: boolean
  continue?: boolean
  history: boolean
}

/** Adds the options of `chat`. */
export function addChatOptions(command: Command): Command {
  const withContent = command
    .option('-s, --system <text>', 'the system prompt')
    .option('-i, --image <file or url>', 'an image; repeatable', append)
    .option('--video <file or url>', 'a video; repeatable', append)
    .option('--frames <files or urls...>', 'a video as 4 to 2000 images, in order')
    .option('--fps <number>', 'frames per second of the video, 0.1 to 10', number)
    .option('-f, --file <file>', 'a text file as context; repeatable', append)
    .option('--thinking', 'think before answering (default: the model decides)')
    .option('--no-thinking', 'answer without thinking')
  return addConnectionOptions(withContent.addOption(protocolOption()))
    .option('--temperature <number>', '0 up to but not including 2', number)
    .option('--top-p <number>', 'above 0, up to 1', number)
    .option('--max-tokens <number>', 'the most tokens of the answer', number)
    .option('--seed <number>', 'for repeatable answers, as far as the model supports them', number)
    .option('--stop <text>', 'end the answer before this text; repeatable', append)
    .option('--search', 'let the model search the web')
    .option('--schema <file>', 'a JSON Schema: print the answer as JSON that matches it')
    .option('--extra <json>', 'further parameters of the service, as a JSON object', jsonObject)
    .option('-c, --continue', 'continue the last conversation')
    .option('--no-history', 'keep neither the conversation nor the input lines on disk')
    .option('--plain', 'print Markdown unrendered, also on a terminal')
    .option('-q, --quiet', 'print the answer alone: no thinking, usage or retries')
    .option('--json', 'print the result as one line of JSON, for programs')
    .option('--stream', 'with --json: print each event as a line, the result last')
    .option('--mock', 'use the local mock of Model Studio: no key, no cost')
}

/** A request without its messages. */
export type Settings = Omit<ChatRequest<OutputSpec | undefined>, 'messages'>

/** Turns options into the settings of a request. */
export async function readSettings(flags: SettingFlags): Promise<Settings> {
  const { thinking, temperature, topP, maxTokens, seed, stop, search, schema, extra } = flags
  const output = schema === undefined ? undefined : await readSchema(schema)
  return { thinking, temperature, topP, maxTokens, seed, stop, search, output, extra }
}

async function readSchema(path: string): Promise<Readonly<Record<string, unknown>>> {
  const schema = parseObject(await readText(path))
  if (schema) return schema
  throw usageError(`${path} is not a JSON object.`, 'Pass --schema a file with a JSON Schema.')
}

function append(value: string, list: readonly string[] = []): readonly string[] {
  return [...list, value]
}

function number(value: string): number {
  const parsed = Number(value)
  if (value.trim() === '' || Number.isNaN(parsed)) throw new InvalidArgumentError('It must be a number.')
  return parsed
}

function jsonObject(value: string): Readonly<Record<string, unknown>> {
  const parsed = parseObject(value)
  if (parsed) return parsed
  throw new InvalidArgumentError(`It must be a JSON object, such as '{"enable_code_interpreter": true}'.`)
}

function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
