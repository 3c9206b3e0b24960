import { createTemporaryKey, DualscopeError, type Region } from '@dualscope/core'

import type { Check } from '../checks.ts'
import { type PlaceFlags, regions } from '../connection-options.ts'
import { exitCode } from '../errors.ts'

type Answer = 'accepted' | 'refused' | 'skipped' | 'unclear'

/**
 * Finds the region of the key in the environment: requests a temporary key of one second in each region, which costs nothing.
 * The key goes to hosts of the service only.
 */
export async function findRegion(
  { region: chosen = 'beijing', workspace }: PlaceFlags,
  signal: AbortSignal,
): Promise<Check> {
  const answers = await Promise.all(
    regions.map(async (region) => ({ region, answer: await askRegion(region, workspace, signal) })),
  )
  signal.throwIfAborted()
  const list = (wanted: Answer) => answers.flatMap(({ region, answer }) => (answer === wanted ? [region] : []))
  const accepted = list('accepted')
  const others = (['refused', 'unclear', 'skipped'] as const).flatMap((answer) => {
    const names = list(answer)
    return names.length > 0 ? [`${words[answer]}: ${names.join(', ')}`] : []
  })
  const name = 'region'
  if (accepted.length === 0 && list('refused').length === 0) {
    const fix = 'Check the network and the proxy, and try again.'
    return { name, state: 'failed', message: others.join('; '), fix, exit: exitCode.later }
  }
  const message = [
    accepted.length > 0 ? `the key belongs to ${accepted.join(', ')}` : 'no region accepted the key',
    ...others,
  ].join('; ')
  if (accepted.includes(chosen)) return { name, state: 'ok', message }
  const [found] = accepted
  if (found !== undefined)
    return { name, state: 'warning', message, fix: `Set --region ${found}, or region: '${found}' in programs.` }
  const fix = workspace === undefined ? 'Add --workspace, or create a new key.' : 'Check the key and --workspace.'
  return {
    name,
    state: 'failed',
    message,
    fix: `${fix} Keys of plans (sk-sp-…) have addresses of their own: use --base-url.`,
  }
}

const words = {
  refused: 'refused by',
  unclear: 'no clear answer from',
  skipped: 'skipped without --workspace',
} as const

async function askRegion(region: Region, workspace: string | undefined, signal: AbortSignal): Promise<Answer> {
  try {
    await createTemporaryKey({ region, workspace, expiresIn: 1, signal })
    return 'accepted'
  } catch (error) {
    if (!(error instanceof DualscopeError)) return 'unclear'
    if (error.code === 'authentication') return 'refused'
    // A region refuses permission only to a key that it knows.
    if (error.code === 'permission') return 'accepted'
    if (error.code !== 'configuration') return 'unclear'
    if (workspace !== undefined) throw error
    return 'skipped'
  }
}
