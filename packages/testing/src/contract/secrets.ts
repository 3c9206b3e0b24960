import { faults } from '../faults/faults.ts'
import type { Case } from './case.ts'
import { equal, assert, matches } from './difference.ts'
import { findSecret } from './secret.ts'
import { eventually } from './workbench.ts'

/** Secrets, which must not leak, and redirects, which must not be followed. Every other case checks its errors for the key too. */
export const secretCases: readonly Case[] = [
  {
    name: 'secrets: messages of the service are shown without the key',
    async run({ client, mock, key, rejectsWith }) {
      const message = `Incorrect API key provided: ${key}.`
      const code = { dashscope: 'InvalidApiKey', compatible: 'invalid_api_key' }
      mock.use([
        { type: 'error', status: 401, code, message },
        { type: 'error', status: 401, code, message, after: 0 },
      ])
      const expected = { code: 'authentication', message: /Incorrect API key provided/ }
      await rejectsWith(client().chat('Hello'), expected, 'Over HTTP')
      await rejectsWith(client().stream('Hello').result(), expected, 'In a stream')
    },
  },
  {
    name: 'secrets: a network error that holds the request is not passed on',
    async run({ client, rejectsWith, key }) {
      const failing = client({
        fetch: (input, init) => {
          const request = new Request(input, init)
          throw Object.assign(
            new TypeError('fetch failed', {
              cause: Object.assign(new Error('ECONNREFUSED'), { code: 'ECONNREFUSED' }),
            }),
            { request },
          )
        },
      })
      const error = await rejectsWith(failing.chat('Hello'), { code: 'connection' }, 'The error')
      equal(findSecret(error, key), undefined, 'The place of the key in the notices')
    },
  },
  {
    name: 'secrets: a redirect is not followed, and only the origin of its target is shown',
    async run({ client, mock, rejection, requests }) {
      for (const status of [301, 302, 307, 308]) {
        mock.use({ fault: faults.redirect('https://user:pass@elsewhere.test:8443/steal?token=1', status) })
        const expected = { code: 'connection', message: /https:\/\/elsewhere\.test:8443/ }
        const failed = await rejection(client().chat('Hello'), `Status ${status}`)
        assert(
          requests.every(({ url }) => new URL(url).host !== 'elsewhere.test:8443') &&
            mock.requests.length === requests.length,
          `A redirect of status ${status} was followed; call fetch with redirect: 'manual' or 'error'`,
        )
        matches(failed, expected, `The error of status ${status}`)
        const error = failed as Error
        assert(!/steal|token|pass/.test(error.message), `It does not show the rest: ${error.message}`)
      }
      equal(requests.length, 4, 'Requests')
      equal(mock.requests.length, 4, 'Requests that arrived anywhere')
    },
  },
  {
    name: 'secrets: a redirect after an unusable answer is not followed either',
    async run({ client, mock, rejectsWith }) {
      const redirect = { fault: faults.redirect('https://elsewhere.test:8443/steal', 307) }
      // A transport may send a second request to read the target.
      mock.use([{ text: 'Hello' }, redirect, redirect])
      const asking = client()
      await asking.chat('Hello')
      const expected = { code: 'connection', message: /https:\/\/elsewhere\.test:8443/ }
      await rejectsWith(asking.chat('Hello'), expected, 'The error')
    },
  },
  {
    name: 'secrets: observers see neither the key nor the long bytes of media, and cannot change the call',
    async run({ client, key, lastRequest }) {
      const seen: unknown[] = []
      const watching = client({
        onRequest: (notice) => {
          seen.push(structuredClone(notice))
          Object.assign(notice.headers, { 'x-injected': 'yes' })
          Object.assign(notice, { body: undefined, url: 'https://elsewhere.test' })
        },
        onResponse: (notice) => seen.push(notice),
      })
      equal((await watching.chat('Hello')).text, 'You said: Hello', 'The answer')
      await eventually(() => seen.length === 2, 'Both observers are called')
      matches(
        seen,
        [
          { method: 'POST', attempt: 1, url: /^https:/ },
          { status: 200, attempt: 1 },
        ],
        'The notices of the observers',
      )
      equal(findSecret(seen, key), undefined, 'The place of the key in the notices')
      matches(lastRequest().messages, [{ content: [{ text: 'Hello' }] }], 'The messages of the request')
    },
  },
]
