import type { RetryNotice } from '@dualscope/core'
import { Command } from 'commander'

import { resolveAccess } from '../access.ts'
import { connectOptions } from '../connection-options.ts'
import { lastConversation, loadConversation, saveConversation } from '../conversation/conversation-file.ts'
import { type Conversation, createClients, requestMessages } from '../conversation/conversation.ts'
import { usageError } from '../errors.ts'
import { withInputName } from '../input-names.ts'
import { interruptible } from '../interrupt.ts'
import { type AnswerView, showData, showJson, showText } from '../output/answer.ts'
import { style, terminalLine } from '../output/terminal.ts'
import { createUploadProgress } from '../output/upload-progress.ts'
import { addChatOptions, type ChatFlags, readSettings } from './chat-options.ts'
import { readMessage, readParts } from './chat-request.ts'

const examples = `
Examples:
  dualscope chat                                   a conversation, on a terminal
  dualscope chat "Who are you?" --thinking
  git diff | dualscope chat --system "Write a commit message for this change."
  dualscope chat "What is on it?" --image eagle.png --json
  dualscope chat "What happens?" --frames ball-*.jpg
  dualscope chat "Which bird?" --image eagle.png --schema bird.json
  dualscope chat "Who are you?" --mock`

/** `dualscope chat`: one prompt and its answer, or a conversation. */
export function chatCommand(): Command {
  const command = new Command('chat')
    .description(
      'send one prompt, or hold a conversation: the answer goes to stdout; thinking, usage and cost go to stderr',
    )
    .argument('[prompt...]', 'the prompt; if absent, it is read from a pipe, or a conversation starts on a terminal')
  return addChatOptions(command).addHelpText('after', examples).action(chat)
}

async function chat(words: string[], flags: ChatFlags, command: Command): Promise<void> {
  const { json = false, stream = false, mock = false, plain = false, quiet = false } = flags
  if (stream && !json) {
    throw usageError(
      '--stream needs --json.',
      'Add --json to print events as JSON lines, or remove --stream: text is streamed anyway.',
    )
  }
  const isTerminal = !json && process.stdin.isTTY && process.stderr.isTTY
  const isConversation = isTerminal && process.stdout.isTTY && words.length === 0 && !flags.frames && !flags.schema
  const conversation = await createConversation(flags, command.getOptionValueSource('model') === 'cli')
  const message = isConversation ? undefined : await readMessage(words, flags)
  if (isConversation) conversation.attachments = await readParts(flags)
  const access = await resolveAccess({ mock, interactive: isTerminal, quiet })
  const view = { progress: createUploadProgress(process.stderr), plain, quiet, region: flags.region }
  const clientFor = createClients({ ...connectOptions(flags), ...access, onRetry: (notice) => showRetry(notice, view) })
  if (!message) {
    const { converse } = await import('../conversation/converse.ts')
    return converse({ conversation, clientFor, view, keeps: flags.history })
  }
  const messages = requestMessages(conversation, message)
  const input = { messages, schema: flags.schema }
  const { settings, model, protocol } = conversation
  try {
    await interruptible(async (signal) => {
      const { onUploadProgress } = view.progress
      const answer = clientFor(protocol).stream({ ...settings, model, messages }, { signal, onUploadProgress })
      if (json) await showJson(answer, view, { events: stream, input })
      else await (flags.schema === undefined ? showText(answer, view) : showData(answer, view))
      if (!flags.continue || !flags.history) return
      conversation.messages.push(message, (await answer.result()).message)
      await saveConversation(lastConversation(), conversation)
    })
  } catch (error) {
    throw withInputName(error, input)
  }
}

/** Creates the conversation of the options, after the last one if it continues. */
async function createConversation(flags: ChatFlags, hasModel: boolean): Promise<Conversation> {
  const { model, protocol, region, system } = flags
  const settings = await readSettings(flags)
  const own = { model, protocol, region, system, settings, messages: [], attachments: [], spent: [] }
  if (!flags.continue) return own
  const last = await loadConversation(lastConversation())
  return {
    ...own,
    messages: last.messages,
    model: hasModel ? model : last.model,
    protocol: protocol ?? last.protocol,
    system: system ?? last.system,
    settings: { ...settings, thinking: settings.thinking ?? last.thinking },
  }
}

function showRetry({ error, delay }: RetryNotice, { progress, quiet }: AnswerView): void {
  progress.clear()
  if (quiet) return
  const { stderr } = process
  const notice = `Retrying in ${(delay / 1000).toFixed(1)} s: ${terminalLine(error.message)}`
  stderr.write(`${style(stderr, 'dim', notice)}\n`)
}
