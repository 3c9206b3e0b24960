import { modelInfo, type PreparedMessage } from '@dualscope/core'
import { expect, test } from 'vitest'

import { routeOf, routesFor, serviceOf } from './service.ts'

const text: PreparedMessage = { role: 'user', content: 'hi' }
const image: PreparedMessage = { role: 'user', content: [{ type: 'image', image: 'https://example.com/a.png' }] }

function services(model: string, message: PreparedMessage) {
  return routesFor({ model, modelInfo: modelInfo(model), messages: [message], thinking: {} }).map(serviceOf)
}

test('the catalogue names the service of a known model, also for text alone', () => {
  expect(services('kimi-k2.5', text)[0]).toBe('multimodal-generation')
  expect(services('kimi-k2-thinking', text)[0]).toBe('text-generation')
  expect(services('Moonshot-Kimi-K2-Instruct', text)[0]).toBe('text-generation')
})

test('an unknown model is asked where its content belongs, with the other service to follow', () => {
  expect(services('unknown', text)).toEqual(['text-generation', 'multimodal-generation'])
})

test('what text-generation cannot take is never sent there', () => {
  expect(services('unknown', image)).toEqual(['multimodal-generation'])
})

test('a route is the documented path', () => {
  expect(routeOf('text-generation')).toBe('/api/v1/services/aigc/text-generation/generation')
})
