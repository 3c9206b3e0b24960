import { ask } from '../ask.ts'
import type { Welcome } from '../line.ts'
import { readQuestion } from '../question.ts'
import { toForm, type Ask } from './ask-server.ts'

/** Creates a function that calls the service from the page, with a temporary key of the server for each answer. */
export function createDirectAsk({ direct, service: name, live, model }: Welcome): Ask {
  const service = {
    name,
    live,
    model,
    options: { ...direct, apiKey: requestKey },
    isDirect: true,
    close: async () => {},
  }
  return async (question, files, signal, onLine) => {
    const { protocols, requestFor } = readQuestion(toForm(question, files))
    const send = async (line: Parameters<typeof onLine>[0]) => onLine(line)
    await Promise.all(
      protocols.map((protocol) => ask({ protocol, request: requestFor(protocol), service, signal }, send)),
    )
  }
}

async function requestKey(): Promise<string> {
  const response = await fetch('/key', { method: 'POST' })
  const body = (await response.json()) as { key: string; message?: string }
  if (!response.ok) throw new Error(body.message ?? 'The server gave no key')
  return body.key
}
