import { bytesOf, paced } from '../faults/bytes.ts'
import { keyOf } from '../headers.ts'
import type { Protocol } from '../protocol.ts'
import { createIssue, type Issue, missingOrInvalid } from '../rules/issue.ts'
import { type Exchange, gatewayHeaders, type Reply } from './exchange.ts'

/** The keys of a mock: the permanent one, and the temporary ones that it has issued. */
export interface KeyRing {
  /** Validates the key of a request. */
  judge: (protocol: Protocol, headers: Headers) => Issue[]
  /** Returns the permanent key that a key belongs to: uploads and limits count for the account, not for one of its keys. */
  accountOf: (key: string) => string
  /** Answers a valid request for a temporary key of an account ("Generate a temporary API key" page). */
  replyTemporary: (url: URL, account: string, exchange: Exchange) => Reply
  reset: () => void
}

// Both protocols have the same words for temporary keys.
const words = {
  compatible: 'Incorrect API key provided. ',
  dashscope: 'Invalid API-key provided.',
  temporary: 'invalid access token or token expired',
}

interface TemporaryKey {
  account: string
  /** In ms. */
  expiresAt: number
}

/** Creates the keys of a mock. `apiKey` is the permanent one; any, if undefined. `now` returns ms. */
export function createKeyRing(apiKey: string | undefined, now: () => number): KeyRing {
  const temporary = new Map<string, TemporaryKey>()

  function dropExpired(): void {
    for (const [key, { expiresAt }] of temporary) if (expiresAt <= now()) temporary.delete(key)
  }

  return {
    judge: (protocol, headers) => {
      const key = keyOf(headers)
      if (key.startsWith('st-') && key !== apiKey) {
        const isValid = (temporary.get(key)?.expiresAt ?? 0) > now()
        return isValid ? [] : [createIssue(protocol, 'key', words.temporary)]
      }
      const isRight = key !== '' && (apiKey === undefined || key === apiKey)
      return isRight ? [] : [createIssue(protocol, 'key', words[protocol])]
    },
    accountOf: (key) => temporary.get(key)?.account ?? key,
    replyTemporary: (url, account, { id, latency, signal }) => {
      dropExpired()
      const token = `st-${id}`
      // The service states whole seconds, so the key lives to the end of the last one.
      const seconds = Math.ceil(now() / 1000) + (lifetimeOf(url) ?? defaultLifetime)
      temporary.set(token, { account, expiresAt: seconds * 1000 })
      return {
        status: 200,
        headers: gatewayHeaders(id, 'application/json', true),
        body: paced([bytesOf(JSON.stringify({ token, expires_at: seconds }))], latency, signal),
      }
    },
    reset: () => temporary.clear(),
  }
}

const lifetime = 'expire_in_seconds'
const defaultLifetime = 60

/** Validates the lifetime of a requested temporary key: 1 to 1,800 s. */
export function judgeLifetime(url: URL): Issue[] {
  const isDocumented = !url.searchParams.has(lifetime) || lifetimeOf(url) !== undefined
  return isDocumented ? [] : [createIssue('dashscope', 'parameter', missingOrInvalid(lifetime), lifetime)]
}

function lifetimeOf(url: URL): number | undefined {
  const text = url.searchParams.get(lifetime) ?? ''
  const seconds = Number(text)
  return /^\d+$/.test(text) && seconds >= 1 && seconds <= 1800 ? seconds : undefined
}
