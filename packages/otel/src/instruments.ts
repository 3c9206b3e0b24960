import type { Usage } from '@dualscope/core'
import { metrics, type Attributes, type Meter, type MeterProvider } from '@opentelemetry/api'

/** Records the metrics of calls. */
export interface Instruments {
  /** Records how long a call took, in ms, and the tokens that it used. */
  recordCall(milliseconds: number, usage: Usage | undefined, attributes: Attributes): void
  /** Records the ms from the start of a stream to its first chunk. */
  recordFirstChunk(milliseconds: number, attributes: Attributes): void
}

// Boundaries that the conventions advise.
const seconds = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92]
const tokens = Array.from({ length: 14 }, (_, power) => 4 ** power)

/**
 * Returns a function that returns the instruments of the global meter provider. Transports are often made before the SDK
 * starts, and unlike a tracer, a meter does not follow a provider that is set later.
 */
export function followGlobalMeter(scope: string): () => Instruments {
  let known: { provider: MeterProvider; instruments: Instruments } | undefined
  return () => {
    const provider = metrics.getMeterProvider()
    if (known?.provider !== provider) known = { provider, instruments: createInstruments(provider.getMeter(scope)) }
    return known.instruments
  }
}

/** Creates the instruments of the GenAI conventions. */
export function createInstruments(meter: Meter): Instruments {
  const duration = meter.createHistogram('gen_ai.client.operation.duration', {
    description: 'GenAI operation duration.',
    unit: 's',
    advice: { explicitBucketBoundaries: seconds },
  })
  const firstChunk = meter.createHistogram('gen_ai.client.operation.time_to_first_chunk', {
    description:
      'Time to receive the first chunk, measured from when the client issues the generation request to when the first chunk is received in the response stream.',
    unit: 's',
    advice: { explicitBucketBoundaries: seconds },
  })
  const tokenUsage = meter.createHistogram('gen_ai.client.token.usage', {
    description: 'Number of input and output tokens used.',
    unit: '{token}',
    advice: { explicitBucketBoundaries: tokens },
  })
  return {
    recordCall(milliseconds, usage, attributes) {
      duration.record(milliseconds / 1000, attributes)
      if (!usage) return
      const { 'error.type': _, ...common } = attributes
      tokenUsage.record(usage.inputTokens, { ...common, 'gen_ai.token.type': 'input' })
      tokenUsage.record(usage.outputTokens, { ...common, 'gen_ai.token.type': 'output' })
    },
    recordFirstChunk(milliseconds, attributes) {
      firstChunk.record(milliseconds / 1000, attributes)
    },
  }
}
