import * as z from 'zod/mini'

import { checkOptions, expects, optionsSchema } from '../check-options.ts'
import { checkRecording, type Recording } from '../recordings/recording.ts'
import { abortCases } from './aborts.ts'
import { answerCases } from './answers.ts'
import type { Case } from './case.ts'
import { documentedCases } from './documented.ts'
import { dutyOf } from './duties.ts'
import { endingCases } from './endings.ts'
import { variantCases } from './error-variants.ts'
import { errorCases } from './errors.ts'
import { claimedFeatures, featureNames, type Features } from './feature.ts'
import { type LiveOptions, liveCases } from './live.ts'
import { mediaCases } from './media.ts'
import { messageCases } from './messages.ts'
import { parameterCases } from './parameters.ts'
import { recordedCases } from './recorded.ts'
import { refusalCases } from './refusals.ts'
import { requestCases } from './requests.ts'
import { retryCases } from './retries.ts'
import { routeCases } from './routes.ts'
import { secretCases } from './secrets.ts'
import { streamCases } from './streams.ts'
import { toolCases } from './tools.ts'
import type { TransportFactory } from './transport-factory.ts'
import { createWorkbench } from './workbench.ts'

/** A case of the suite, for any test runner: `test(name, run)`. */
export interface ContractCase {
  /** A sentence of behaviour; no two are alike. */
  name: string
  /** The part of the contract that it belongs to, such as `retries`. */
  part: string
  /** The duty of a transport in this part, in a sentence. */
  duty: string
  /** False if the transport does not claim the feature of the case, which then checks a refusal, or nothing. */
  isClaimed: boolean
  /** Rejects with an `Error` that describes the difference. */
  run: () => Promise<void>
}

/** Options of the contract suite. */
export interface ContractOptions {
  /**
   * Features that the transport lacks, as `{ tools: false }`. Their cases then check that requests with them fail; if no
   * request can use a feature, the case's name says that it is not claimed. @default the protocol's own gaps
   */
  features?: Partial<Features> | undefined
  /** Recordings of the service: those of the transport's protocol become cases of the part `documented`. @default none */
  recordings?: readonly Recording[] | undefined
  /** Runs the cases that hold for every answer against the real service instead of the mock. @default off */
  live?: LiveOptions | undefined
}

const contractOptions = optionsSchema({
  features: z.optional(optionsSchema(Object.fromEntries(featureNames.map((name) => [name, z.optional(expects.flag)])))),
  recordings: z.optional(z.array(z.unknown(), 'a list of recordings')),
  live: z.optional(
    optionsSchema({
      model: expects.text,
      apiKey: z.optional(expects.text),
      budget: z.optional(expects.count(0, 'tokens')),
    } satisfies { [Name in keyof Required<LiveOptions>]: z.ZodMiniType }),
  ),
} satisfies { [Name in keyof Required<ContractOptions>]: z.ZodMiniType })

/** In ms; a case that hangs fails. */
const timeLimit = 10_000

/** Rejects if a case does not end in time. */
async function limited(work: Promise<void>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`The case did not end within ${timeLimit} ms`)), timeLimit)
  })
  try {
    await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

/** The transport under test. */
interface Subject {
  connect: TransportFactory
  protocol: string
  claims: Features
}

async function runCase(
  { connect, protocol, claims }: Subject,
  { mock, run }: Pick<Case, 'mock' | 'run'>,
): Promise<void> {
  const workbench = createWorkbench(connect, { protocol, claims, mock })
  await run(workbench)
  await workbench.assertClean()
}

function prepare(subject: Subject, item: Case): ContractCase {
  const { name, needs = [], mock, whenUnsupported } = item
  const part = name.slice(0, name.indexOf(':'))
  const duty = dutyOf(part)
  const missing = [needs].flat().find((feature) => !subject.claims[feature])
  if (missing === undefined) return { name, part, duty, isClaimed: true, run: () => limited(runCase(subject, item)) }
  const caseName = `${name} (not claimed: ${missing}${whenUnsupported ? '; it is refused' : ''})`
  return {
    name: caseName,
    part,
    duty,
    isClaimed: false,
    run: async () => whenUnsupported && limited(runCase(subject, { mock, run: whenUnsupported })),
  }
}

/**
 * Creates the cases that every transport must pass, as data for any test runner. Each case has its own mock and its own client
 * of the transport, and checks the requests and the results. Nothing leaves the process, unless `live` is set. Throws a
 * `TypeError` for an unknown option or an invalid recording.
 *
 * @example
 * ```ts
 * for (const { name, run } of contract((options) => dashscope(options))) test(name, run)
 * ```
 */
export function contract(connect: TransportFactory, options: ContractOptions = {}): ContractCase[] {
  checkOptions(contractOptions, options, 'contract')
  const { live, recordings = [], features = {} } = options
  for (const [index, recording] of recordings.entries()) checkRecording(recording, `contract: recordings[${index}]`)
  if (live) {
    return liveCases(connect, live).map((item) => ({ part: 'live', duty: dutyOf('live'), ...item }))
  }
  const { protocol } = connect({
    apiKey: 'none',
    region: 'beijing',
    fetch: () => Promise.reject(new TypeError('fetch failed')),
  })
  const claims = claimedFeatures(protocol, features)
  const cases = [
    ...requestCases,
    ...messageCases,
    ...parameterCases,
    ...mediaCases,
    ...routeCases,
    ...answerCases,
    ...streamCases,
    ...toolCases,
    ...documentedCases(protocol),
    ...recordedCases(protocol, recordings),
    ...errorCases,
    ...variantCases(protocol),
    ...retryCases,
    ...abortCases,
    ...endingCases,
    ...refusalCases,
    ...secretCases,
  ]
  return cases.map((item) => prepare({ connect, protocol, claims }, item))
}
