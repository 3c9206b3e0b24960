/** How a case went in a runtime. */
export interface Outcome {
  protocol: string
  name: string
  /** Left out when it went well. */
  failure?: string
}
