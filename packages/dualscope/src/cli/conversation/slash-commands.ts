import { knownModels, modelInfo } from '@dualscope/core'

import { usageError } from '../errors.ts'
import { formatMoney } from '../output/money.ts'
import { readTextFile } from '../text-file.ts'
import { attach, openTyped } from './attachments.ts'
import { loadConversation, requireReplaceable, saveConversation } from './conversation-file.ts'
import { type Conversation, protocolChoices, totalSpent } from './conversation.ts'
import { pathOf } from './typed-path.ts'

/** A command of the conversation. */
export interface SlashCommand {
  name: string
  /** The argument as `/help` shows it. */
  argument?: string
  description: string
  /** The values of its argument, or file names. */
  complete?: readonly string[] | 'file'
  /** Returns a line for the user; undefined ends the conversation. */
  run: (conversation: Conversation, argument: string) => string | undefined | Promise<string | undefined>
}

/** The commands, in the order of `/help`. */
export const slashCommands: readonly SlashCommand[] = [
  {
    name: 'image',
    argument: 'FILE or URL',
    description: 'add an image to the next message',
    complete: 'file',
    run: (conversation, path) =>
      attach(conversation, path, async () => ({ type: 'image', image: await openTyped(path) })),
  },
  {
    name: 'video',
    argument: 'FILE or URL',
    description: 'add a video to the next message',
    complete: 'file',
    run: (conversation, path) =>
      attach(conversation, path, async () => ({ type: 'video', video: await openTyped(path) })),
  },
  {
    name: 'file',
    argument: 'FILE',
    description: 'add a text file to the next message',
    complete: 'file',
    run: (conversation, path) => attach(conversation, path, () => readTextFile(pathOf(path))),
  },
  {
    name: 'model',
    argument: 'ID',
    description: 'show or change the model',
    complete: knownModels.map(({ id }) => id),
    run(conversation, id) {
      if (id !== '') conversation.model = id
      const unknown = modelInfo(conversation.model) ? '' : ' (not in the catalogue, so requests for it are not checked)'
      return `Model: ${conversation.model}${unknown}`
    },
  },
  {
    name: 'protocol',
    argument: 'NAME',
    description: 'show or change the protocol',
    complete: protocolChoices,
    run(conversation, name) {
      const choice = protocolChoices.find((each) => each === name)
      if (name !== '' && !choice) {
        throw usageError(`${name} is not a protocol.`, `Choose one of ${protocolChoices.join(' ')}`)
      }
      conversation.protocol = choice ?? conversation.protocol
      return `Protocol: ${conversation.protocol ?? (process.env['DUALSCOPE_PROTOCOL'] || 'compatible')}`
    },
  },
  {
    name: 'thinking',
    argument: 'on|off|default|TOKENS',
    description: 'show or change how much the model thinks',
    complete: ['on', 'off', 'default'],
    run(conversation, value) {
      if (value !== '') conversation.settings = { ...conversation.settings, thinking: parseThinking(value) }
      return `Thinking: ${describeThinking(conversation.settings.thinking)}`
    },
  },
  {
    name: 'system',
    argument: 'TEXT or none',
    description: 'show or change the system prompt',
    run(conversation, text) {
      if (text !== '') conversation.system = text === 'none' ? undefined : text
      return conversation.system === undefined ? 'No system prompt.' : `System prompt: ${conversation.system}`
    },
  },
  {
    name: 'save',
    argument: 'FILE',
    description: 'save the conversation as JSON',
    complete: 'file',
    async run(conversation, path) {
      await requireReplaceable(pathOf(path))
      await saveConversation(pathOf(path), conversation)
      return `Saved to ${pathOf(path)}.`
    },
  },
  {
    name: 'load',
    argument: 'FILE',
    description: 'replace the conversation by a saved one',
    complete: 'file',
    async run(conversation, path) {
      const { thinking, ...loaded } = await loadConversation(pathOf(path))
      Object.assign(conversation, loaded, { settings: { ...conversation.settings, thinking } })
      return `Loaded ${loaded.messages.length} messages. Model: ${loaded.model}`
    },
  },
  {
    name: 'cost',
    description: 'show the tokens and the estimated cost so far',
    run: (conversation) => describeTotal(conversation),
  },
  {
    name: 'new',
    description: 'start a new conversation with the same model and system prompt',
    run(conversation) {
      Object.assign(conversation, { messages: [], attachments: [], spent: [] })
      return 'A new conversation.'
    },
  },
  { name: 'help', description: 'show this list', run: () => describeCommands() },
  { name: 'quit', description: 'leave (also Ctrl-D)', run: () => undefined },
]

/** Runs a line that begins with `/`. Returns a line for the user; undefined ends the conversation. */
export async function runSlashCommand(conversation: Conversation, line: string): Promise<string | undefined> {
  const [, name = '', argument = ''] = /^\/(\S*)\s*([^]*)$/.exec(line) ?? []
  const command = slashCommands.find((each) => each.name === name)
  if (!command) {
    throw usageError(
      `Unknown command /${name}.`,
      'Type /help for the commands. To send a message that begins with /, begin it with a space.',
    )
  }
  return command.run(conversation, argument.trim())
}

function parseThinking(value: string) {
  if (value === 'on') return true
  if (value === 'off') return false
  if (value === 'default') return undefined
  if (/^[1-9]\d*$/.test(value)) return { budget: Number(value) }
  throw usageError(`${value} is not a value of /thinking.`, 'Choose on, off, default or a number of tokens.')
}

function describeThinking(thinking: Conversation['settings']['thinking']): string {
  if (thinking === undefined) return 'default of the model'
  if (typeof thinking === 'boolean') return thinking ? 'on' : 'off'
  return `at most ${thinking.budget} tokens`
}

function describeTotal(conversation: Conversation): string {
  const { inputTokens, outputTokens, costs, unpriced } = totalSpent(conversation)
  const count = new Intl.NumberFormat('en')
  const amounts = [...costs].map(([currency, total]) => formatMoney(total, currency))
  if (unpriced > 0) amounts.push(`${unpriced} answers without a known price`)
  const cost = amounts.length > 0 ? ` · about ${amounts.join(' and ')}` : ''
  return `${count.format(inputTokens)} tokens in, ${count.format(outputTokens)} out${cost}`
}

function describeCommands(): string {
  const rows = slashCommands.map(({ name, argument, description }) => ({
    usage: argument === undefined ? `/${name}` : `/${name} ${argument}`,
    description,
  }))
  const width = Math.max(...rows.map(({ usage }) => usage.length))
  const list = rows.map(({ usage, description }) => `  ${usage.padEnd(width)}  ${description}`).join('\n')
  return `${list}\n\nEnd a line with \\ or write """ around several lines. Ctrl-C stops an answer; Tab completes.`
}
