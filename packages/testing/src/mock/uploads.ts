import { bytesOf, paced } from '../faults/bytes.ts'
import { type Issue, createIssue } from '../rules/issue.ts'
import { uploadPath } from './address.ts'
import { type Exchange, gatewayHeaders, type Reply } from './exchange.ts'
import type { FormField } from './form.ts'

/** The account and the model that an upload is for; no other can read it. */
interface UploadOwner {
  account: string
  model: string
}

interface Policy extends UploadOwner {
  directory: string
  signature: string
  time: number
}

/** The temporary storage: policies and files, which expire by the mock's clock ("Upload a file" page). */
export interface UploadStore {
  /** Answers `getPolicy` as recorded; the upload host is a path of the mock's own origin. */
  replyPolicy: (origin: string, owner: UploadOwner, exchange: Exchange) => Reply
  /** Validates the form of an upload: its policy, its fields, and the file as the last one. Keeps the name of a valid file. */
  judge: (fields: readonly FormField[], headers: Headers) => Issue[]
  /** Whether an `oss://` URL names a file that this account uploaded for this model less than 48 hours ago. */
  canRead: (url: string, owner: UploadOwner) => boolean
  reset: () => void
}

const maxFileBytes = 1024 * 1024 * 1024
const policyLife = 300_000
const fileLife = 48 * 60 * 60 * 1000

function dropOlder(entries: Map<string, { time: number }>, oldest: number): void {
  for (const [name, { time }] of entries) {
    // Entries are in the order of their time.
    if (time > oldest) return
    entries.delete(name)
  }
}

/** Creates an empty storage; `existing` are `oss://` URLs that any account may read for any model. */
export function createUploadStore(now: () => number, existing: readonly string[]): UploadStore {
  const policies = new Map<string, Policy>()
  const files = new Map<string, Policy>()
  const known = new Set(existing)
  return {
    replyPolicy: (origin, owner, exchange) => {
      dropOlder(policies, now() - policyLife)
      const policy = btoa(`{"policy":"${exchange.id}"}`)
      const directory = `dashscope-instant/mock/2026-02-05/${exchange.id}`
      const signature = btoa(exchange.id)
      policies.set(policy, { directory, signature, ...owner, time: now() })
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
    },
    judge: (fields, headers) => {
      dropOlder(policies, now() - policyLife)
      dropOlder(files, now() - fileLife)
      const policy = policies.get(valueOf(fields, 'policy'))
      const key = valueOf(fields, 'key')
      const issues = judgeForm(fields, headers, policy, files.has(`oss://${key}`))
      if (policy && issues.length === 0) files.set(`oss://${key}`, { ...policy, time: now() })
      return issues
    },
    canRead: (url, { account, model }) => {
      if (known.has(url)) return true
      const file = files.get(url)
      return file !== undefined && file.account === account && file.model === model && now() - file.time < fileLife
    },
    reset: () => {
      policies.clear()
      files.clear()
    },
  }
}

function valueOf(fields: readonly FormField[], name: string): string {
  return fields.find((field) => field.name === name)?.value ?? ''
}

function deny(message: string, path = '', status = 403, code = 'AccessDenied'): Issue {
  return {
    ...createIssue('dashscope', 'access', message, path),
    status,
    code,
  }
}

function judgeForm(
  fields: readonly FormField[],
  headers: Headers,
  policy: Policy | undefined,
  isTaken: boolean,
): Issue[] {
  const issues: Issue[] = []
  if (headers.has('authorization')) {
    issues.push(deny('Only one auth mechanism allowed', 'authorization', 400, 'InvalidArgument'))
  }
  if (!policy) return [...issues, deny('Invalid according to Policy: Policy expired.', 'policy')]
  const { directory, signature } = policy
  const key = valueOf(fields, 'key')
  if (valueOf(fields, 'Signature') !== signature) {
    issues.push(deny('The request signature we calculated does not match.', 'Signature', 403, 'SignatureDoesNotMatch'))
  }
  if (valueOf(fields, 'OSSAccessKeyId') !== 'mock-access-key-id') {
    issues.push(deny('The OSS Access Key Id does not exist.'))
  }
  const expected = [
    ['x-oss-object-acl', 'private'],
    ['x-oss-forbid-overwrite', 'true'],
  ] as const
  for (const [name, value] of expected) {
    if (valueOf(fields, name) !== value) issues.push(deny(`Invalid according to Policy: ${name}`, name))
  }
  if (!key.startsWith(`${directory}/`) || key === `${directory}/`) {
    issues.push(deny('Invalid according to Policy: key', 'key'))
  } else if (isTaken) issues.push(deny('The object you specified already exists.', 'key', 409, 'FileAlreadyExists'))
  const last = fields.at(-1)
  if (last?.name !== 'file' || fields.filter(({ name }) => name === 'file').length !== 1) {
    issues.push(
      deny('POST requires exactly one file upload per request, as the last field.', 'file', 400, 'InvalidArgument'),
    )
  } else if ((last.size ?? 0) > maxFileBytes) {
    issues.push(deny('Your proposed upload exceeds the maximum allowed size', 'file', 400, 'EntityTooLarge'))
  }
  return issues
}

/** Answers an upload: without a body, or with an error in the XML of OSS. */
export function replyUpload(issue: Issue | undefined, fields: readonly FormField[], exchange: Exchange): Reply {
  const wanted = Number(valueOf(fields, 'success_action_status') || 204)
  if (!issue)
    return { status: wanted === 200 || wanted === 201 ? wanted : 204, headers: new Headers(), body: undefined }
  const xml = `<?xml version="1.0" encoding="UTF-8"?>\n<Error>\n  <Code>${issue.code}</Code>\n  <Message>${issue.message}</Message>\n  <RequestId>${exchange.id}</RequestId>\n</Error>\n`
  return {
    status: issue.status,
    headers: new Headers({ 'content-type': 'application/xml' }),
    body: paced([bytesOf(xml)], exchange.latency, exchange.signal),
  }
}
