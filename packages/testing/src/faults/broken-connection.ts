/** A connection that breaks on purpose, as `fetch` of Node reports it. It tells a fault from an error in the mock. */
export class BrokenConnection extends TypeError {
  override name = 'TypeError'
}
