// Real data for the examples with tools.
import { readFile } from 'node:fs/promises'

import { defineTool } from '@dualscope/core'
import * as z from 'zod'

const facts = z.object({
  diameter: z.number(),
  distanceFromSun: z.number(),
  orbit: z.number(),
  day: z.number(),
  gravity: z.number(),
})
const file = z.object({ units: z.record(z.string(), z.string()), planets: z.record(z.string(), facts) })
const { units, planets } = file.parse(JSON.parse(await readFile(new URL('planets.json', import.meta.url), 'utf8')))

/** Looks up one planet of the Sun. */
export const planetFacts = defineTool({
  name: 'planet_facts',
  description: 'Size, distance from the Sun, orbit, day and gravity of a planet of the Sun',
  input: z.object({ planet: z.string().describe('English name, such as Mars') }),
  execute: ({ planet }) => {
    const found = planets[planet]
    if (!found) throw new Error(`No planet "${planet}"; there are ${Object.keys(planets).join(', ')}`)
    return { planet, ...found, units }
  },
})
