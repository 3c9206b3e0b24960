/** The command itself cannot go on: it knows what to do, and how it ends. */
export class CommandError extends Error {
  override name = 'CommandError'
  readonly todo: string
  readonly exit: number

  constructor(message: string, details: { todo: string; exit: number }) {
    super(message)
    this.todo = details.todo
    this.exit = details.exit
  }
}
