import type { RawError } from '../codec.ts'

/** An error of the service inside a 2xx answer, before it is decoded. Internal: a call turns it into an `ApiError`. */
export class RefusedAnswer extends Error {
  readonly raw: RawError

  constructor(raw: RawError) {
    super('The service answered with an error')
    this.raw = raw
  }
}
