// A Model Studio that takes uploads and keeps none: for bench/upload-memory.ts, which must measure the client alone.
import { createServer } from 'node:http'

const answer = {
  output: { choices: [{ finish_reason: 'stop', message: { role: 'assistant', content: [{ text: 'Seen.' }] } }] },
  usage: { input_tokens: 1, output_tokens: 1 },
  request_id: 'bench',
}

const server = createServer((request, response) => {
  const origin = `http://${request.headers.host}`
  let received = 0
  request.on('data', (bytes: Uint8Array) => (received += bytes.length))
  request.on('end', () => {
    response.setHeader('content-type', 'application/json')
    if (request.url?.startsWith('/api/v1/uploads')) {
      const policy = {
        policy: 'policy',
        signature: 'signature',
        upload_dir: 'dashscope-instant/bench',
        upload_host: `${origin}/storage`,
        expire_in_seconds: 300,
        max_file_size_mb: 1024,
        oss_access_key_id: 'id',
        x_oss_object_acl: 'private',
        x_oss_forbid_overwrite: 'true',
      }
      response.end(JSON.stringify({ data: policy }))
      return
    }
    if (request.url === '/storage') {
      const announced = Number(request.headers['content-length'])
      response.statusCode = announced === received ? 200 : 411
      response.end()
      return
    }
    response.end(JSON.stringify(answer))
  })
})

server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  if (typeof address === 'object') process.send?.(`http://127.0.0.1:${address?.port}`)
})

// With the process that started it.
process.on('disconnect', () => process.exit())
