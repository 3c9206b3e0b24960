import { contract, type ContractCase } from '@dualscope/testing'

import { byteMutations } from './bytes.ts'
import { callMutations } from './calls.ts'
import { options, type Mutation, type Wire } from './mutation.ts'
import { requestMutations } from './requests.ts'

/** Every way in which the transports are broken. */
export const mutations: readonly Mutation[] = [...requestMutations, ...byteMutations, ...callMutations]

const untouched = options('nothing', (given) => given)

/** How many cases a transport of ours has to pass. */
export function countCases(wire: Wire): number {
  return contract(untouched.connect(wire)).length
}

/** A case of the suite against a broken transport. */
export function findCase(mutation: Mutation, wire: Wire, name: string): ContractCase | undefined {
  return contract(mutation.connect(wire)).find((item) => item.name === name)
}

/** The result for one broken transport. */
export interface Outcome {
  mutation: string
  wire: Wire
  /** The first case that noticed; undefined where none did. */
  caughtBy: string | undefined
  /** The case's message. */
  message: string
}

const atOnce = 24

/** Runs the suite against a broken transport, until a case notices. */
export async function tryMutation({ name, connect }: Mutation, wire: Wire): Promise<Outcome> {
  const cases = contract(connect(wire))
  for (let start = 0; start < cases.length; start += atOnce) {
    const batch = cases.slice(start, start + atOnce)
    const results = await Promise.allSettled(batch.map(({ run }) => run()))
    const index = results.findIndex(({ status }) => status === 'rejected')
    const result = results[index]
    if (result?.status === 'rejected') {
      const message = result.reason instanceof Error ? result.reason.message : String(result.reason)
      return { mutation: name, wire, caughtBy: batch[index]?.name, message }
    }
  }
  return { mutation: name, wire, caughtBy: undefined, message: '' }
}

/** Tries all mutations, a few at a time, in their order. */
export async function tryAll(tell: (outcome: Outcome) => void): Promise<Outcome[]> {
  const jobs = mutations.flatMap((mutation) => mutation.on.map((wire) => ({ mutation, wire })))
  const outcomes: Outcome[] = []
  let next = 0
  const work = async () => {
    for (let index = next++; index < jobs.length; index = next++) {
      const job = jobs[index]
      if (!job) break
      const outcome = await tryMutation(job.mutation, job.wire)
      outcomes[index] = outcome
      tell(outcome)
    }
  }
  await Promise.all(Array.from({ length: 4 }, work))
  return outcomes
}
