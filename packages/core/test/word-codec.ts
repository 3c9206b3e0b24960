import type { Codec } from '../src/codec.ts'

/** A protocol whose events are words: the data of an event is the text of its chunk. */
export const wordCodec: Codec = {
  protocol: 'words',
  routes: () => ['/'],
  encodeRequest: () => ({ headers: {}, body: {}, unsupported: [] }),
  decodeResponse: (body) => ({ text: JSON.stringify(body), finishReason: 'stop' }),
  decodeEvent: ({ data }) => ({ text: data }),
  decodeError() {
    throw new Error('not expected')
  },
}
