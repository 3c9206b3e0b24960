/** How a case ended. */
export interface Outcome {
  /** The protocol under test. */
  suite: string
  name: string
  seconds: number
  /** What differs; absent if it passed. */
  failure?: string
}
