/** What a check found, and what to do about it. */
export interface Check {
  name: string
  state: 'ok' | 'warning' | 'failed' | 'skipped'
  told: string
  todo?: string
}
