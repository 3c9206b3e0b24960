import { readFile } from 'node:fs/promises'

import { apiKey, question, type Adapter, type ConnectOptions, type Sink } from '../adapter.ts'

/** One protocol's requests and answers, without any checks. */
export interface RawProtocol {
  path: string
  streamHeaders: Record<string, string>
  body(content: string | object[], stream: boolean): object
  videoContent(url: string): object[]
  /** Makes what takes the events of one stream. */
  reader(sink: Sink): (event: string) => void
  text(body: string): string
}

/** The baseline: fetch, a split at blank lines, JSON.parse. */
export function raw({ baseUrl, fetch = globalThis.fetch }: ConnectOptions, protocol: RawProtocol): Adapter {
  const url = baseUrl + protocol.path
  const headers = { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' }

  async function ask(content: string | object[]): Promise<string> {
    const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(protocol.body(content, false)) })
    return protocol.text(await response.text())
  }

  return {
    async stream(sink) {
      const response = await fetch(url, {
        method: 'POST',
        headers: { ...headers, ...protocol.streamHeaders },
        body: JSON.stringify(protocol.body(question, true)),
      })
      if (!response.body) throw new Error('no body')
      const reader = response.body.getReader()
      const decoder = new TextDecoder()
      const take = protocol.reader(sink)
      let buffer = ''
      for (let read = await reader.read(); !read.done; read = await reader.read()) {
        buffer += decoder.decode(read.value, { stream: true })
        const events = buffer.split('\n\n')
        buffer = events.pop() ?? ''
        for (const event of events) take(event)
      }
    },
    call: () => ask(question),
    async video(path) {
      const bytes = await readFile(path)
      return ask(protocol.videoContent(`data:video/mp4;base64,${bytes.toString('base64')}`))
    },
  }
}
