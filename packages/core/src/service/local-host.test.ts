import { expect, test } from 'vitest'

import { checkUploadHost, isLoopback } from './local-host.ts'

const remote = 'https://dashscope.aliyuncs.com'
const local = 'http://127.0.0.1:8080'

test.each([
  ['https://files.example.com', remote],
  ['https://files.example.com', local],
  ['http://127.0.0.1:9000', local],
  ['http://192.168.1.5', 'http://10.0.0.1'],
  ['http://files.example.com', 'http://gateway.example.com'],
])('files go to %s for the service %s', (host, base) => {
  expect(() => checkUploadHost(host, base)).not.toThrow()
})

test.each([
  ['http://127.0.0.1:6379', remote],
  ['https://127.0.0.1', remote],
  ['https://10.1.2.3', remote],
  ['https://169.254.169.254', remote],
  ['https://[::1]', remote],
  ['https://[::ffff:10.0.0.1]', remote],
  ['https://[fd00::1]', remote],
  ['https://box.internal', remote],
  ['https://localhost', remote],
  ['https://2130706433', remote],
  ['http://files.example.com', local],
  ['ftp://127.0.0.1', local],
  ['nowhere', remote],
])('files do not go to %s for the service %s', (host, base) => {
  expect(() => checkUploadHost(host, base)).toThrow(expect.objectContaining({ code: 'connection' }) as Error)
})

test('an address with credentials is refused, and they are not repeated', () => {
  let message = ''
  try {
    checkUploadHost('https://name:password@files.example.com', remote)
  } catch (error) {
    message = String(error)
  }
  expect(message).toMatch(/credentials/)
  expect(message).not.toMatch(/password|name:/)
})

test('loopback is this machine alone', () => {
  expect(['localhost', '127.9.9.9', '[::1]', 'a.localhost'].every(isLoopback)).toBe(true)
  expect(['10.0.0.1', '127.0.0.1.example.com', 'localhost.example.com'].some(isLoopback)).toBe(false)
})
