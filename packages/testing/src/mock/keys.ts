import { bytesOf, paced } from '../faults/bytes.ts'
import { keyOf } from '../headers.ts'
import type { Protocol } from '../protocol.ts'
import { createIssue, type Issue, missingOrInvalid } from '../rules/issue.ts'
import { type Exchange, gatewayHeaders, type Reply } from './exchange.ts'

/** The keys of a mock: the permanent one, and the temporary ones that it has handed out. */
export interface KeyRing {
  /** Judges the key of a request. */
  judge: (protocol: Protocol, headers: Headers) => Issue[]
  /** Answers a request for a temporary key ("Generate a temporary API key" page), which `judgeLifetime` has passed. */
  replyTemporary: (url: URL, exchange: Exchange) => Reply
  reset: () => void
}

// Temporary keys have words of their own, which both protocols share.
const words = {
  compatible: 'Incorrect API key provided. ',
  dashscope: 'Invalid API-key provided.',
  temporary: 'invalid access token or token expired',
}

/** Creates the keys of a mock. `apiKey` is the permanent one; any, if undefined. `now` returns ms. */
export function createKeyRing(apiKey: string | undefined, now: () => number): KeyRing {
  // The time at which each temporary key expires, in ms.
  const expiries = new Map<string, number>()
  return {
    judge: (protocol, headers) => {
      const key = keyOf(headers)
      if (key.startsWith('st-') && key !== apiKey) {
        const isValid = (expiries.get(key) ?? 0) > now()
        return isValid ? [] : [createIssue(protocol, 'key', words.temporary)]
      }
      const isRight = key !== '' && (apiKey === undefined || key === apiKey)
      return isRight ? [] : [createIssue(protocol, 'key', words[protocol])]
    },
    replyTemporary: (url, { id, latency, signal }) => {
      const token = `st-${id}`
      // The service states whole seconds, so the key lives to the end of the last one.
      const expiresAt = Math.ceil(now() / 1000) + (lifetimeOf(url) ?? defaultLifetime)
      expiries.set(token, expiresAt * 1000)
      return {
        status: 200,
        headers: gatewayHeaders(id, 'application/json', true),
        body: paced([bytesOf(JSON.stringify({ token, expires_at: expiresAt }))], latency, signal),
      }
    },
    reset: () => expiries.clear(),
  }
}

const lifetime = 'expire_in_seconds'
const defaultLifetime = 60

/** Judges the lifetime that a temporary key is to have: 1 to 1,800 s. */
export function judgeLifetime(url: URL): Issue[] {
  const isDocumented = !url.searchParams.has(lifetime) || lifetimeOf(url) !== undefined
  return isDocumented ? [] : [createIssue('dashscope', 'parameter', missingOrInvalid(lifetime), lifetime)]
}

function lifetimeOf(url: URL): number | undefined {
  const text = url.searchParams.get(lifetime) ?? ''
  const seconds = Number(text)
  return /^\d+$/.test(text) && seconds >= 1 && seconds <= 1800 ? seconds : undefined
}
