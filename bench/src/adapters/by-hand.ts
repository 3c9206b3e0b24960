import { createParser } from 'eventsource-parser'
import ky from 'ky'

import { apiKey, type Adapter, type ConnectOptions, type Sink } from '../adapter.ts'

/** One protocol's requests and answers; zod checks each message. */
export interface ByHandProtocol {
  path: string
  streamHeaders: Record<string, string>
  body(stream: boolean): object
  /** Makes what takes the data of the events of one stream. */
  reader(sink: Sink): (data: string) => void
  text(body: unknown): string
}

/** The second baseline: what a careful application would write with the libraries that Dualscope is made of. */
export function byHand({ baseUrl, fetch = globalThis.fetch }: ConnectOptions, protocol: ByHandProtocol): Adapter {
  const client = ky.create({ headers: { authorization: `Bearer ${apiKey}` }, retry: 0, timeout: false, fetch })
  const url = baseUrl + protocol.path

  return {
    async stream(sink) {
      const response = await client.post(url, { json: protocol.body(true), headers: protocol.streamHeaders })
      if (!response.body) throw new Error('no body')
      const take = protocol.reader(sink)
      const parser = createParser({ onEvent: ({ data }) => take(data) })
      const reader = response.body.getReader()
      const decoder = new TextDecoder()
      for (let read = await reader.read(); !read.done; read = await reader.read()) {
        parser.feed(decoder.decode(read.value, { stream: true }))
      }
    },
    async call() {
      return protocol.text(await client.post(url, { json: protocol.body(false) }).json())
    },
  }
}
