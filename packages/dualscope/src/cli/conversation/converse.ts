import type { Client, Message, UserMessage } from '@dualscope/core'

import type { ProtocolChoice } from '../../connect.ts'
import { createMessage } from '../commands/chat-request.ts'
import { adviceOn, describe, exitCode, printProblem } from '../errors.ts'
import { withInputName } from '../input-names.ts'
import { Interrupted, interruptible } from '../interrupt.ts'
import { type AnswerView, showText } from '../output/answer.ts'
import { style, terminalText } from '../output/terminal.ts'
import { completeLine } from './completions.ts'
import { lastConversation, saveConversation } from './conversation-file.ts'
import { type Conversation, requestMessages } from './conversation.ts'
import { loadHistory, saveHistory } from './input-history.ts'
import { createLineEditor } from './line-editor.ts'
import { runSlashCommand } from './slash-commands.ts'

/** Options of `converse`. */
export interface ConverseOptions {
  conversation: Conversation
  clientFor: (protocol: ProtocolChoice | undefined) => Client
  view: AnswerView
  /** Keeps the conversation and the input lines on disk. */
  keeps: boolean
}

/** Holds a conversation on a terminal until the user leaves it. */
export async function converse({ conversation, clientFor, view, keeps }: ConverseOptions): Promise<void> {
  const { stdin, stdout } = process
  let history: readonly string[] = keeps ? await loadHistory() : []
  const onHistory = (lines: readonly string[]) => {
    history = [...lines]
  }
  const editor = createLineEditor({ input: stdin, output: stdout, history, complete: completeLine, onHistory })
  if (!view.quiet) notify(`${conversation.model} · /help lists the commands, Ctrl-D leaves`)
  let canSave = keeps
  const save = async () => {
    try {
      await saveHistory(history)
      if (conversation.messages.length > 0) await saveConversation(lastConversation(), conversation)
    } catch (error) {
      // The conversation does not depend on the disk; one warning is enough.
      canSave = false
      printAdvice(error)
    }
  }
  try {
    for (;;) {
      const line = await editor.read()
      if (line === undefined) return
      if (line === '' && conversation.attachments.length === 0) continue
      const continues = line.startsWith('/')
        ? await runCommand(conversation, line)
        : await takeTurn(conversation, clientFor(conversation.protocol), line.trimStart(), view)
      if (canSave) await save()
      if (!continues) return
    }
  } finally {
    editor.close()
  }
}

async function runCommand(conversation: Conversation, line: string): Promise<boolean> {
  try {
    const answer = await runSlashCommand(conversation, line)
    if (answer === undefined) return false
    notify(answer)
  } catch (error) {
    printAdvice(error)
    process.stdout.write('\n')
  }
  return true
}

/** Sends a message and shows the answer. The text of an interrupted answer is kept. */
async function takeTurn(conversation: Conversation, client: Client, text: string, view: AnswerView): Promise<true> {
  const { attachments, model, settings } = conversation
  const message = createMessage(attachments, text)
  const messages = requestMessages(conversation, message)
  conversation.attachments = []
  try {
    await interruptible(async (signal) => {
      const { onUploadProgress } = view.progress
      const answer = client.stream({ ...settings, model, messages }, { signal, onUploadProgress })
      try {
        await showText(answer, view)
      } finally {
        keepTurn(conversation, message, answer.snapshot())
      }
    })
  } catch (error) {
    if (error instanceof Interrupted && error.exit !== exitCode.interrupted) throw error
    if (!(error instanceof Interrupted)) printAdvice(withInputName(error, { messages }))
    const isKept = conversation.messages.includes(message)
    // The message can be sent again with the same attachments.
    if (!isKept) conversation.attachments = attachments
  }
  process.stdout.write('\n')
  return true
}

type Answer = ReturnType<ReturnType<Client['stream']>['snapshot']>

/** Adds a turn to the conversation, unless nothing of the answer has arrived. */
function keepTurn(conversation: Conversation, message: UserMessage, answer: Answer): void {
  const { usage, model, text, message: reply } = answer
  if (usage) conversation.spent.push({ usage, model })
  if (text === '') return
  const turn: Message[] = [message, { role: 'assistant', content: reply.content, reasoning: reply.reasoning }]
  conversation.messages.push(...turn)
}

function notify(text: string): void {
  const { stdout } = process
  stdout.write(`${style(stdout, 'dim', terminalText(text))}\n\n`)
}

function printAdvice(error: unknown): void {
  printProblem(describe(error), withSlashCommands(adviceOn(error).fix))
}

/** Names the commands of a conversation in an advice that names the options of `chat`. */
function withSlashCommands(fix: string): string {
  return fix
    .replaceAll(/--(?=(?:model|protocol)\b)/g, '/')
    .replace('See `dualscope chat --help`.', 'Type /help for the commands.')
}
