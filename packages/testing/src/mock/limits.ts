import type { IssueKind } from '../rules/issue.ts'

/** Rate limits, counted for each account and model. A temporary key counts for the key that created it. */
export interface MockLimits {
  /** Requests per minute. @default unlimited */
  requestsPerMinute?: number | undefined
  /** Tokens per minute, input and output together. @default unlimited */
  tokensPerMinute?: number | undefined
}

/** The messages of the service for each limit ("Error messages" page, 429). */
export const limitWords = {
  requests: {
    compatible: 'Requests rate limit exceeded, please try again later.',
    dashscope: 'Requests rate limit exceeded, please try again later.',
  },
  tokens: {
    compatible: 'You exceeded your current quota, please check your plan and billing details.',
    dashscope: 'Allocated quota exceeded, please increase your quota limit.',
  },
} as const

/** The tokens that a request has used. Setting them corrects the count of its minute. */
interface Spending {
  tokens: number
}

interface Second extends Spending {
  start: number
  requests: number
}

/** The sliding minutes of all accounts and models. */
export interface RateLimiter {
  /** Counts a request, or names the limit that it exceeds. A refused request counts for nothing. */
  admit: (account: string, model: string, tokens: number) => Extract<IssueKind, 'requests' | 'tokens'> | Spending
  reset: () => void
}

const minute = 60_000

/** Creates a limiter. `now` returns ms; requests of the same second share an entry, so that a minute holds at most 60. */
export function createLimiter(limits: MockLimits, now: () => number): RateLimiter {
  const { requestsPerMinute = Number.POSITIVE_INFINITY, tokensPerMinute = Number.POSITIVE_INFINITY } = limits
  const minutes = new Map<string, Second[]>()
  return {
    admit: (account, model, tokens) => {
      const name = JSON.stringify([account, model])
      const time = now()
      const seconds = (minutes.get(name) ?? []).filter(({ start }) => time - start < minute)
      const spent = seconds.reduce((sum, second) => sum + second.tokens, 0)
      const count = seconds.reduce((sum, { requests }) => sum + requests, 0)
      if (count >= requestsPerMinute) return 'requests'
      if (spent + tokens > tokensPerMinute) return 'tokens'
      const last = seconds.at(-1)
      const current = last && time - last.start < 1000 ? last : { start: time, requests: 0, tokens: 0 }
      if (current !== last) seconds.push(current)
      minutes.set(name, seconds)
      current.requests += 1
      current.tokens += tokens
      let counted = tokens
      return {
        get tokens() {
          return counted
        },
        set tokens(value) {
          current.tokens += value - counted
          counted = value
        },
      }
    },
    reset: () => minutes.clear(),
  }
}
