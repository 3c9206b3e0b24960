// A route handler as Next.js, Hono, SvelteKit or Bun take it (`app/api/chat/route.ts`): from a Request to a Response. The
// page uses `useChat` of `@ai-sdk/react`.
import type { DualscopeProvider } from '@dualscope/ai-sdk'
import {
  convertToModelMessages,
  createUIMessageStreamResponse,
  streamText,
  toUIMessageStream,
  type UIMessage,
} from 'ai'

/** Creates the handler; an app passes `dualscope` of `@dualscope/ai-sdk`. */
export function createRoute(dualscope: DualscopeProvider): (request: Request) => Promise<Response> {
  return async (request) => {
    const { messages } = (await request.json()) as { messages: UIMessage[] }
    const { stream } = streamText({
      model: dualscope('kimi-k2.5'),
      messages: await convertToModelMessages(messages),
      providerOptions: { dualscope: { thinking: true } },
      // If the user leaves the page, the call ends and stops costing money.
      abortSignal: request.signal,
    })
    return createUIMessageStreamResponse({ stream: toUIMessageStream({ stream }) })
  }
}
