import type { Case } from './case.ts'

interface Raw {
  name: string
  status: number
  body: string
  type?: string
  requestId?: string
  expected: Readonly<Record<string, unknown>>
}

const refusedRole = { code: 'invalid-request', status: 400, message: /Role must be/ }
const role = 'Role must be user or assistant and Content length must be greater than 0'

// Shapes that were recorded or reported besides the documented ones.
const variants: Readonly<Record<string, readonly Raw[]>> = {
  dashscope: [
    {
      name: 'of a gateway in front, as a text,',
      status: 503,
      body: '{"error":"upstream connect error"}',
      expected: { code: 'overloaded', status: 503, message: /upstream connect error/ },
    },
    {
      name: 'of a gateway in front, as a message alone,',
      status: 404,
      body: '{"message":"no Route matched with those values"}',
      expected: { code: 'not-found', status: 404, message: /no Route matched/ },
    },
    {
      name: 'of a gateway in front, with a number for its code,',
      status: 429,
      body: '{"error":{"message":"Slow down.","code":429}}',
      expected: { code: 'rate-limit', status: 429, message: /Slow down/ },
    },
    {
      name: 'with requestId',
      status: 400,
      body: `{"code":"InvalidParameter","message":"${role}","requestId":"r-1"}`,
      expected: { ...refusedRole, requestId: 'r-1' },
    },
    {
      name: 'inside an error object, without a request id',
      status: 404,
      body: '{"error":{"message":"Not found!","type":"x","code":"NotFound"}}',
      expected: { code: 'not-found', status: 404, requestId: /./ },
    },
    {
      name: 'as a frame of a body that is labelled JSON',
      status: 400,
      body: `id:1\nevent:error\n:HTTP_STATUS/400\ndata:{"code":"InvalidParameter","message":"${role}","request_id":"r-2"}\n\n`,
      expected: { ...refusedRole, requestId: 'r-2' },
    },
    {
      name: 'in a stream, without its event name',
      status: 200,
      type: 'text/event-stream',
      body: `id:1\nevent:result\n:HTTP_STATUS/400\ndata:{"code":"InvalidParameter","message":"${role}","request_id":"r-3"}\n\n`,
      expected: { ...refusedRole, requestId: 'r-3' },
    },
    {
      name: 'in a stream, with a status that its code has elsewhere,',
      status: 200,
      type: 'text/event-stream',
      body: 'id:1\nevent:error\n:HTTP_STATUS/500\ndata:{"code":"ModelServingError","message":"Busy.","request_id":"r-6"}\n\n',
      expected: { code: 'overloaded', status: 500, retryable: true, requestId: 'r-6' },
    },
    {
      name: 'whole, with status 200',
      status: 200,
      body: `{"code":"InvalidParameter","message":"${role}","request_id":"r-4"}`,
      expected: { ...refusedRole, requestId: 'r-4' },
    },
    {
      name: 'in a choice that ends with it',
      status: 200,
      body: '{"output":{"choices":[{"finish_reason":"error","message":{},"error":{"message":"upstream died","code":502}}]},"request_id":"r-7"}',
      expected: { code: 'server', status: 502, retryable: true, requestId: 'r-7' },
    },
    {
      name: 'wrapped by the gateway',
      status: 400,
      body: '{"message":"<400> InternalError.Algo.InvalidParameter: Range of input length should be [1, 10]","request_id":"r-5"}',
      expected: { code: 'context-length', status: 400, requestId: 'r-5' },
    },
  ],
  compatible: [
    {
      name: 'of a gateway in front, as a text,',
      status: 503,
      body: '{"error":"upstream connect error"}',
      expected: { code: 'overloaded', status: 503, message: /upstream connect error/ },
    },
    {
      name: 'of a gateway in front, as a message alone,',
      status: 404,
      body: '{"message":"no Route matched with those values"}',
      expected: { code: 'not-found', status: 404, message: /no Route matched/ },
    },
    {
      name: 'of a gateway in front, with a number for its code,',
      status: 429,
      body: '{"error":{"message":"Slow down.","code":429}}',
      expected: { code: 'rate-limit', status: 429, message: /Slow down/ },
    },
    {
      name: 'with a request id beside the error',
      status: 400,
      body: `{"error":{"message":"${role}","type":"invalid_request_error","param":null,"code":"invalid_parameter_error"},"request_id":"r-1"}`,
      expected: { ...refusedRole, requestId: 'r-1' },
    },
    {
      name: 'with the code null',
      status: 404,
      body: '{"error":{"message":"Not found","type":"invalid_request_error","param":null,"code":null}}',
      expected: { status: 404, message: /Not found/ },
    },
    {
      name: 'as a data line with status 400',
      status: 400,
      type: 'text/event-stream',
      body: 'data: {"error":{"code":"data_inspection_failed","param":null,"message":"Input text data may contain inappropriate content.","type":"data_inspection_failed"}}\n\n',
      expected: { code: 'content-inspection', status: 400, requestId: /./ },
    },
    {
      name: 'in a choice that ends with it',
      status: 200,
      body: '{"choices":[{"index":0,"finish_reason":"error","message":{},"error":{"message":"upstream died","code":502}}],"request_id":"r-7"}',
      expected: { code: 'server', status: 502, retryable: true, requestId: 'r-7' },
    },
    {
      name: 'of a gateway in front, as an event that is named so,',
      status: 200,
      type: 'text/event-stream',
      body: 'event: error\ndata: {"message":"upstream died","type":"server_error"}\n\n',
      expected: { code: 'server', status: 500, retryable: true, message: /upstream died/ },
    },
    {
      name: 'whole, with status 200',
      status: 200,
      body: '{"error":{"message":"Too many.","type":"x","param":null,"code":"limit_requests"}}',
      expected: { code: 'rate-limit', status: 429, retryable: true },
    },
  ],
}

/** Creates the cases about error bodies of unusual shape, for the protocols of Model Studio only. */
export function variantCases(protocol: string): readonly Case[] {
  return (variants[protocol] ?? []).map(({ name, status, body, type = 'application/json', expected }) => ({
    name: `errors: an error ${name} is understood`,
    async run({ client, mock, rejectsWith }) {
      const headers = { 'content-type': type }
      mock.use([
        { type: 'raw', status, body, headers },
        { type: 'raw', status, body, headers },
      ])
      await rejectsWith(client().chat('Hello'), expected, 'From chat()')
      await rejectsWith(client().stream('Hello').result(), expected, 'From stream()')
    },
  }))
}
