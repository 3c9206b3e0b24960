/** A protocol of Model Studio: OpenAI-compatible `chat/completions`, or native DashScope generation. */
export type Protocol = 'compatible' | 'dashscope'

/** Documented or recorded bytes of one scenario, exactly as they are on the wire. */
export interface Fixture {
  scenario: string
  protocol: Protocol
  /** The documents that the bytes are from, with the date of the edition. */
  source: string
  /** What of it is verbatim, and what was framed or completed by us. */
  note: string
  /** The body of a request. */
  request?: string
  /** The body of a whole answer. */
  response?: string
  /** The body of a streamed answer. */
  stream?: string
  /** The body of a refusal. */
  error?: string
}

/** Fixtures of one protocol, by scenario. */
export type FixtureSet = Readonly<Record<string, Fixture>>
