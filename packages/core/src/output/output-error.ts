import { DualscopeError } from '../errors.ts'
import type { DataIssue } from './check-data.ts'
import type { ChatResult } from '../chat/result.ts'

/** An answer that is no JSON, or does not fit the schema that was asked for; `partial` is the result without its output. */
export class OutputError extends DualscopeError {
  override name = 'OutputError'
  /** The answer as it came. */
  readonly text: string
  /** Where it does not fit, and why. */
  readonly issues: readonly DataIssue[]

  constructor(message: string, { issues, partial }: { issues: readonly DataIssue[]; partial: ChatResult }) {
    super('output', message)
    this.text = partial.text
    this.issues = issues
    this.partial = partial
  }
}
