import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'

/** A form that arrived, field by field. */
interface Form {
  /** `name: value`, or `name: filename type size` of a file, in order. */
  fields: [string, string][]
  headers: IncomingMessage['headers']
}

/** The storage's response to a form instead of accepting it. */
type Storage = (form: Form, number: number, response: ServerResponse) => boolean | undefined

/** A Model Studio of real sockets that notes every byte of an upload. */
export interface UploadServer {
  url: string
  policies: { url: string; headers: IncomingMessage['headers'] }[]
  forms: Form[]
  chats: { body: string; headers: IncomingMessage['headers'] }[]
  /** Forms that were cut. */
  aborted: number
  /** The most forms that were on their way at once. */
  busiest: number
  /** Over the fields of a policy. */
  policy: Record<string, unknown>
  storage: Storage
  /** ms of rest after each read. */
  pace: number
  /** Takes a form's bytes only after this. */
  gate: Promise<unknown>
  close(): Promise<void>
}

const answers = {
  compatible: {
    id: 'chat',
    model: 'kimi-k2.5',
    choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: 'Seen.' } }],
  },
  dashscope: {
    request_id: 'chat',
    output: { choices: [{ finish_reason: 'stop', message: { role: 'assistant', content: [{ text: 'Seen.' }] } }] },
  },
}

/** Listens on a loopback port. */
export async function listen(): Promise<UploadServer> {
  const server = createServer((request, response) => {
    void handle(request, response).catch(() => response.destroy())
  })
  const known: UploadServer = {
    url: '',
    policies: [],
    forms: [],
    chats: [],
    aborted: 0,
    busiest: 0,
    policy: {},
    storage: () => undefined,
    pace: 0,
    gate: Promise.resolve(),
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  let busy = 0

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { url = '', headers } = request
    if (url.startsWith('/api/v1/uploads')) {
      known.policies.push({ url, headers })
      const number = known.policies.length
      reply(response, {
        data: {
          policy: 'cG9saWN5',
          signature: 'n3dNX/aD3+WAly0=',
          upload_dir: `dashscope-instant/abc/${number}`,
          upload_host: `${known.url}/storage`,
          expire_in_seconds: 300,
          max_file_size_mb: 1024,
          capacity_limit_mb: 999_999_999,
          oss_access_key_id: 'LTAI',
          x_oss_object_acl: 'private',
          x_oss_forbid_overwrite: 'true',
          ...known.policy,
        },
        request_id: 'policy',
      })
    } else if (url === '/storage') {
      busy += 1
      known.busiest = Math.max(known.busiest, busy)
      try {
        await known.gate
        const body = await readAll(request, known.pace)
        const form = { fields: fieldsOf(body, headers['content-type'] ?? ''), headers }
        known.forms.push(form)
        if (known.storage(form, known.forms.length, response)) return
        response.end()
      } catch {
        known.aborted += 1
      } finally {
        busy -= 1
      }
    } else {
      known.chats.push({ body: String(await readAll(request, 0)), headers })
      reply(response, url.includes('compatible') ? answers.compatible : answers.dashscope)
    }
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (typeof address === 'object' && address) known.url = `http://127.0.0.1:${address.port}`
  return known
}

function reply(response: ServerResponse, body: object): void {
  response.setHeader('content-type', 'application/json')
  response.end(JSON.stringify(body))
}

async function readAll(request: IncomingMessage, pace: number): Promise<Buffer> {
  const pieces: Buffer[] = []
  for await (const piece of request) {
    pieces.push(piece as Buffer)
    if (pace > 0) await new Promise((resolve) => setTimeout(resolve, pace))
  }
  return Buffer.concat(pieces)
}

/** By hand, so that no parser makes up for what is out of place. */
function fieldsOf(body: Buffer, contentType: string): [string, string][] {
  const boundary = /^multipart\/form-data; boundary=(\S+)$/.exec(contentType)?.[1]
  const text = body.toString('latin1')
  const parts = text.split(`--${boundary}`)
  if (!parts.at(-1)?.startsWith('--')) throw new Error('The form has no end')
  return parts.slice(1, -1).map((part) => {
    const [head = '', ...rest] = part.slice(2, -2).split('\r\n\r\n')
    const value = rest.join('\r\n\r\n')
    const name = /; name="([^"]*)"/.exec(head)?.[1] ?? ''
    const filename = /; filename="([^"]*)"/.exec(head)?.[1]
    const type = /content-type: (.*)/i.exec(head)?.[1]
    return [name, filename === undefined ? value : `${filename} ${type} ${value.length}`]
  })
}
