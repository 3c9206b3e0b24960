/** Callbacks for the pieces of an answer. */
export interface Sink {
  reasoning(delta: string): void
  text(delta: string): void
}

/** A client under test, as an application would use it. */
export interface Adapter {
  /** Asks for a stream and reads it to its end. */
  stream(sink: Sink): Promise<void>
  /** Asks for a whole answer; gives its text. */
  call(): Promise<string>
  /** Asks about a video on disk; gives the text of the answer. Absent where a client has no way to say it. */
  video?(path: string): Promise<string>
}

/** How an adapter is made. */
export interface ConnectOptions {
  /** The URL before the path of either protocol. */
  baseUrl: string
  /** Each frame repeats all so far (native only). */
  cumulative?: boolean
  /** @default the runtime's */
  fetch?: typeof globalThis.fetch
}

/** The `connect` export of each file in `adapters/`. */
export type Connect = (options: ConnectOptions) => Adapter

export const model = 'kimi-k2.5'
export const apiKey = 'sk-bench'
export const question = 'Who are you?'
