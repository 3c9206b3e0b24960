import { config } from 'zod/v4/core'

// The policy of the page forbids `eval`. zod tries it where schemas are made, so this module is imported before those.
config({ jitless: true })
