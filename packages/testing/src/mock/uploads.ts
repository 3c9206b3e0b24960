import { bytesOf, paced } from '../faults/bytes.ts'
import { type Issue, createIssue } from '../rules/issue.ts'
import { uploadPath } from './address.ts'
import { type Exchange, gatewayHeaders, type Reply } from './exchange.ts'
import type { FormField } from './form.ts'

/** The policies that the mock has given out, by their text: what each allows. */
export type Policies = Map<string, { directory: string; signature: string; keys: Set<string> }>

const maxFileBytes = 1024 * 1024 * 1024

/** Answers `getPolicy` as recorded; the host to upload to is a path of the mock's own origin. */
export function replyPolicy(origin: string, policies: Policies, exchange: Exchange): Reply {
  const policy = btoa(`{"policy":"${exchange.id}"}`)
  const directory = `dashscope-instant/mock/2026-02-05/${exchange.id}`
  const signature = btoa(exchange.id)
  policies.set(policy, { directory, signature, keys: new Set() })
  const body = {
    data: {
      policy,
      signature,
      upload_dir: directory,
      upload_host: `${origin}${uploadPath}`,
      expire_in_seconds: 300,
      max_file_size_mb: 1024,
      capacity_limit_mb: 999_999_999,
      oss_access_key_id: 'mock-access-key-id',
      x_oss_object_acl: 'private',
      x_oss_forbid_overwrite: 'true',
    },
    request_id: exchange.id,
  }
  return {
    status: 200,
    headers: gatewayHeaders(exchange.id, 'application/json', true),
    body: paced([bytesOf(JSON.stringify(body))], exchange.latency, exchange.signal),
  }
}

function deny(message: string, path = '', status = 403, code = 'AccessDenied'): Issue {
  return {
    ...createIssue('dashscope', 'access', message, path),
    status,
    code,
  }
}

/** Judges the form of an upload: its policy, its fields, and that the file comes last ("Upload a file" page). */
export function judgeUpload(fields: readonly FormField[], headers: Headers, policies: Policies): Issue[] {
  const valueOf = (name: string) => fields.find((field) => field.name === name)?.value
  const issues: Issue[] = []
  if (headers.has('authorization')) {
    issues.push(deny('Only one auth mechanism allowed', 'authorization', 400, 'InvalidArgument'))
  }
  const policy = policies.get(valueOf('policy') ?? '')
  if (!policy) return [...issues, deny('Invalid according to Policy: Policy expired.', 'policy')]
  const { directory, signature, keys } = policy
  const key = valueOf('key') ?? ''
  if (valueOf('Signature') !== signature) {
    issues.push(deny('The request signature we calculated does not match.', 'Signature', 403, 'SignatureDoesNotMatch'))
  }
  if (valueOf('OSSAccessKeyId') !== 'mock-access-key-id') issues.push(deny('The OSS Access Key Id does not exist.'))
  const expected = [
    ['x-oss-object-acl', 'private'],
    ['x-oss-forbid-overwrite', 'true'],
  ] as const
  for (const [name, value] of expected) {
    if (valueOf(name) !== value) issues.push(deny(`Invalid according to Policy: ${name}`, name))
  }
  if (!key.startsWith(`${directory}/`) || key === `${directory}/`) {
    issues.push(deny('Invalid according to Policy: key', 'key'))
  } else if (keys.has(key)) {
    issues.push(deny('The object you specified already exists.', 'key', 409, 'FileAlreadyExists'))
  }
  const last = fields.at(-1)
  if (last?.name !== 'file' || fields.filter(({ name }) => name === 'file').length !== 1) {
    issues.push(
      deny('POST requires exactly one file upload per request, as the last field.', 'file', 400, 'InvalidArgument'),
    )
  } else if ((last.size ?? 0) > maxFileBytes) {
    issues.push(deny('Your proposed upload exceeds the maximum allowed size', 'file', 400, 'EntityTooLarge'))
  }
  if (issues.length === 0) keys.add(key)
  return issues
}

/** Answers an upload: nothing at all, or OSS's XML. */
export function replyUpload(issue: Issue | undefined, fields: readonly FormField[], exchange: Exchange): Reply {
  const wanted = Number(fields.find(({ name }) => name === 'success_action_status')?.value ?? 204)
  if (!issue)
    return { status: wanted === 200 || wanted === 201 ? wanted : 204, headers: new Headers(), body: undefined }
  const xml = `<?xml version="1.0" encoding="UTF-8"?>\n<Error>\n  <Code>${issue.code}</Code>\n  <Message>${issue.message}</Message>\n  <RequestId>${exchange.id}</RequestId>\n</Error>\n`
  return {
    status: issue.status,
    headers: new Headers({ 'content-type': 'application/xml' }),
    body: paced([bytesOf(xml)], exchange.latency, exchange.signal),
  }
}
