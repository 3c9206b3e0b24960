import type { IncomingMessage } from 'node:http'

/** An error in a request, with its HTTP status. */
export class BadRequest extends Error {
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

/** Reads a form. Throws `BadRequest` for more bytes than the limit. */
export async function readForm(request: IncomingMessage, limit: number): Promise<FormData> {
  const type = request.headers['content-type'] ?? ''
  if (!type.startsWith('multipart/form-data')) throw new BadRequest(415, 'A question is multipart/form-data')
  const tooLarge = new BadRequest(413, `A question is at most ${limit} bytes`)
  if (Number(request.headers['content-length'] ?? 0) > limit) throw tooLarge
  const pieces: Buffer[] = []
  let size = 0
  for await (const piece of request as AsyncIterable<Buffer>) {
    size += piece.length
    if (size > limit) throw tooLarge
    pieces.push(piece)
  }
  try {
    return await new Response(new Blob(pieces as BlobPart[]), { headers: { 'content-type': type } }).formData()
  } catch (error) {
    throw new BadRequest(400, `The form cannot be read: ${(error as Error).message}`)
  }
}
