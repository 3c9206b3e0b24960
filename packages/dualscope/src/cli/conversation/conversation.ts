import { type Client, type ContentPart, estimateCost, type Message, type Region, type Usage } from '@dualscope/core'

import { connect, type ConnectOptions, type ProtocolChoice } from '../../connect.ts'
import type { Settings } from '../commands/chat-options.ts'

/** The values of `/protocol`. */
export const protocolChoices = [
  'compatible',
  'dashscope',
  'compatible,dashscope',
  'dashscope,compatible',
] as const satisfies readonly ProtocolChoice[]

/** A conversation, which the user changes by commands between its turns. */
export interface Conversation {
  model: string
  protocol: ProtocolChoice | undefined
  /** The region of the prices. */
  region: Region | undefined
  system: string | undefined
  settings: Settings
  /** The turns so far, without the system prompt. */
  messages: Message[]
  /** Images, videos and files of the next message. */
  attachments: ContentPart[]
  /** An entry per turn. */
  spent: { usage: Usage; model: string }[]
}

/** Returns the messages of a request: the system prompt, the turns so far and the next one. */
export function requestMessages({ system, messages }: Conversation, next: Message): Message[] {
  return [...(system === undefined ? [] : [{ role: 'system', content: system } as const]), ...messages, next]
}

/** Creates clients for the protocols of a conversation; each keeps its uploads. */
export function createClients(options: ConnectOptions): (protocol: ProtocolChoice | undefined) => Client {
  const clients = new Map<ProtocolChoice | undefined, Client>()
  return (protocol) => {
    const client = clients.get(protocol) ?? connect({ ...options, protocol })
    clients.set(protocol, client)
    return client
  }
}

/** Adds up the tokens and the cost of a conversation, by currency. */
export function totalSpent({ spent, region }: Conversation) {
  const total = { inputTokens: 0, outputTokens: 0, costs: new Map<'USD' | 'CNY', number>(), unpriced: 0 }
  for (const { usage, model } of spent) {
    total.inputTokens += usage.inputTokens
    total.outputTokens += usage.outputTokens
    const cost = estimateCost(usage, model, { region })
    if (cost) total.costs.set(cost.currency, (total.costs.get(cost.currency) ?? 0) + cost.total)
    else total.unpriced += 1
  }
  return total
}
