const { createMock } = require('@dualscope/testing')
const { connect } = require('dualscope')

test('the app greets', async () => {
  const mock = createMock()
  mock.use({ text: 'Hello!' })
  const client = connect({ model: 'kimi-k2.5', apiKey: 'any', fetch: mock.fetch })
  expect((await client.chat('Hi')).text).toBe('Hello!')
})
