/**
 * OpenTelemetry spans and metrics for any Dualscope transport, by the GenAI semantic conventions.
 *
 * @module @dualscope/otel
 */

export { traced, type TracedOptions } from './traced.ts'
