// Telemetry: each call is an OpenTelemetry span, printed here instead of sent to a collector.
import { createClient } from '@dualscope/core'
import { traced } from '@dualscope/otel'
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base'

import { chooseTransport } from './connect.ts'

const exporter = new InMemorySpanExporter()
const tracer = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }).getTracer('example')

const transport = traced(chooseTransport([{ reasoning: 'Hm.', text: 'I am Kimi.' }]), { tracer })
const client = createClient({ transport, model: 'kimi-k2.5' })
const { text } = await client.stream({ messages: [{ role: 'user', content: 'Who are you?' }], thinking: true }).result()
console.log(text)

for (const { name, attributes } of exporter.getFinishedSpans()) console.log(name, attributes)
