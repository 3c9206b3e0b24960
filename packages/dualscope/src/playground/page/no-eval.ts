import { config } from 'zod/v4/core'

// The policy of the page forbids `eval`, which zod tries when a schema is created: import this module before any schema.
config({ jitless: true })
