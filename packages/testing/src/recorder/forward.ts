import { type IncomingMessage, request as httpRequest, type ServerResponse } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { pipeline } from 'node:stream/promises'

import { keyOf, toHeaders } from '../headers.ts'
import type { Recording } from '../recordings/recording.ts'
import { pickRequestHeaders, redactJson, redactPath, redactText } from '../recordings/redact.ts'
import { captureRequest } from './capture-request.ts'
import { captureResponse } from './capture-response.ts'

/** Forwards a request unchanged, passes its response on, and returns the recording of both. */
export async function forward(message: IncomingMessage, reply: ServerResponse, target: URL): Promise<Recording> {
  const send = target.protocol === 'https:' ? httpsRequest : httpRequest
  const { host: _host, ...headers } = message.headers
  const upstream = send(target, { method: message.method ?? 'GET', headers: { ...headers, host: target.host } })
  const captured = captureRequest(message)
  const answered = new Promise<IncomingMessage>((resolve, reject) => {
    upstream.once('response', resolve).once('error', reject)
  })
  reply.once('close', () => upstream.destroy())
  // A response may come before the whole request has gone; a client that left ends both.
  const sent = pipeline(message, captured.passage, upstream).then(
    () => undefined,
    () => undefined,
  )
  const answer = await answered
  reply.writeHead(answer.statusCode ?? 502, answer.rawHeaders)
  reply.flushHeaders()
  const response = await captureResponse(answer, reply, isSecret(target))
  await sent
  const requestHeaders = toHeaders(message.headers)
  const key = keyOf(requestHeaders)
  const body = captured.read()
  return {
    version: 1,
    request: {
      method: message.method ?? 'GET',
      path: redactPath(target),
      headers: pickRequestHeaders(requestHeaders),
      body: body === undefined ? null : typeof body === 'string' ? redactText(body, key) : await redactJson(body, key),
    },
    response: response.render(key),
  }
}

/** Whether the body of a response grants access to the account: an upload policy or a temporary key. */
function isSecret({ pathname }: URL): boolean {
  return /\/api\/v1\/(uploads|tokens)\b/.test(pathname)
}
